import { dayMs } from '../../core/day.ts'
import { tellable, twoDigits } from '../../wire/date.ts'

/** The day that was told last: files of one directory often share it, and to take a date apart costs more than the rest. */
let lastDay = Number.NaN
let lastDate = ''

/** `YYYYMMDDHHMMSS` in UTC (RFC 3659 §2.3). A time that four digits of a year cannot tell becomes the nearest that they can. */
export function formatTime(time: Date | number): string {
  const ms = tellable(time)
  const day = Math.floor(ms / dayMs)
  if (day !== lastDay) {
    lastDate = dateOf(new Date(ms))
    lastDay = day
  }
  const second = Math.floor((ms - day * dayMs) / 1000)
  const minute = Math.floor(second / 60)
  return lastDate + twoDigits(Math.floor(minute / 60)) + twoDigits(minute % 60) + twoDigits(second % 60)
}

function dateOf(time: Date): string {
  const year = time.getUTCFullYear()
  return (
    (year < 1000 ? String(year).padStart(4, '0') : String(year)) +
    twoDigits(time.getUTCMonth() + 1) +
    twoDigits(time.getUTCDate())
  )
}

/** Reads such a time; the fraction counts to the millisecond. A leap second (60) is taken for the second before it. */
export function parseTime(text: string): Date | undefined {
  const ms = parseMs(text)
  return ms === undefined ? undefined : new Date(ms)
}

/** The day that was read last, as it was written and when it began; it is shared as that which was told is. */
let lastWritten = -1
let lastStart: number | undefined

/** The same, in milliseconds since 1970. */
export function parseMs(text: string): number | undefined {
  const ms = msAt(text, 0)
  if (text.length === 14 || ms === undefined) return ms
  const fraction = /^\.(\d{1,20})$/u.exec(text.slice(14))?.[1]
  return fraction === undefined ? undefined : ms + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** The same, of the fourteen digits that stand at this place of a line. */
export function msAt(line: string, at: number): number | undefined {
  const written = numberAt(line, at, 8)
  if (written !== lastWritten) {
    lastStart = startOf(written)
    lastWritten = written
  }
  const hour = numberAt(line, at + 8, 2)
  const minute = numberAt(line, at + 10, 2)
  const second = numberAt(line, at + 12, 2)
  if (lastStart === undefined || hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined
  if (second < 0 || second > 60) return undefined
  return lastStart + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000
}

/** When the day begins that these eight digits write, if there is such a day. */
function startOf(written: number): number | undefined {
  const year = Math.floor(written / 10_000)
  const month = Math.floor(written / 100) % 100
  const day = written % 100
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const date = new Date(0)
  // `Date.UTC` takes years below 100 for those of the last century.
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDate() === day ? date.getTime() : undefined
}

/** A common bug of servers writes the years since 1900 behind 19: 19100 for 2000. */
export function mendedYear(text: string): string {
  const late = /^19(1\d\d)(\d{10}.*)$/u.exec(text)
  return late ? `${1900 + Number(late[1])}${late[2]}` : text
}

/** The number that so many digits are; less than nothing where one of them is none. */
function numberAt(text: string, at: number, digits: number): number {
  let value = 0
  for (let place = at; place < at + digits; place += 1) {
    const digit = text.charCodeAt(place) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}
