import { tellable, twoDigits } from '../../wire/date.ts'

/** `YYYYMMDDHHMMSS` in UTC (RFC 3659 §2.3). A time that four digits of a year cannot tell becomes the nearest that they can. */
export function formatTime(date: Date): string {
  const time = tellable(date)
  const year = time.getUTCFullYear()
  return (
    (year < 1000 ? String(year).padStart(4, '0') : String(year)) +
    twoDigits(time.getUTCMonth() + 1) +
    twoDigits(time.getUTCDate()) +
    twoDigits(time.getUTCHours()) +
    twoDigits(time.getUTCMinutes()) +
    twoDigits(time.getUTCSeconds())
  )
}

/** Reads such a time; the fraction counts to the millisecond. A leap second (60) is taken for the second before it. */
export function parseTime(text: string): Date | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,20}))?$/.exec(text)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number)
  if (year === 0 || hour > 23 || minute > 59 || second > 60) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const thousandths = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'))
  date.setUTCHours(hour, minute, Math.min(second, 59), thousandths)
  return date
}
