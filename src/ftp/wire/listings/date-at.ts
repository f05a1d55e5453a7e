import { dayMs } from '../../../core/day.ts'
import { clockTime, halfOf, twoDigits, zoneOf, type ClockTime } from './clock-time.ts'
import type { ListedTime } from './listed.ts'
import { listedTime } from './listed-time.ts'
import type { Day, Reading } from './reading.ts'
import type { Words } from './words.ts'
import { fullYear, isDay, startOf } from './year.ts'

/** A date in a line, and the first word behind it. */
export interface DateFound {
  readonly next: number
  readonly time: ListedTime
}

/** The date that begins at this word, in whatever form and language; undefined if none does. */
export function dateAt(words: Words, at: number, reading: Reading): DateFound | undefined {
  if (at >= words.count) return undefined
  const first = words.code(at, 0)
  if (first >= 48 && first <= 57) return fromNumber(words, at, reading)
  const length = words.length(at)
  if (length < 1 || length > 24) return undefined
  const month = reading.monthOf(trimmed(words.at(at)))
  if (month > 0) return behindMonth(words, at + 1, month, reading)
  const ofTwoWords = levantine.get(`${words.at(at)} ${words.at(at + 1)}`)
  if (ofTwoWords !== undefined) return behindMonth(words, at + 2, ofTwoWords, reading)
  return joinedMonth(words, at, reading) ?? behindWeekday(words, at, reading)
}

/** Months of the Levant whose names are two words. */
const levantine = new Map([
  ['كانون الثاني', 1],
  ['تشرين الأول', 10],
  ['تشرين الثاني', 11],
  ['كانون الأول', 12],
])

/** `Aug 22` with neither a year nor a time behind it. */
export function dayWithoutYear(words: Words, at: number, reading: Reading): DateFound | undefined {
  const month = reading.monthOf(trimmed(words.at(at)))
  const day = month > 0 ? numberOf(words, at + 1, 2) : undefined
  const full = day === undefined ? undefined : dayIfAny(reading.yearOf(month, day, 0), month, day)
  return full && { next: at + 2, time: timeOf(full, undefined) }
}

/** `3 29 03:26`, `29 3 2003`: months that are plain numbers, before their days unless those cannot be months. */
export function numberedMonth(words: Words, at: number, reading: Reading): DateFound | undefined {
  const [first, second] = [numberOf(words, at, 2), numberOf(words, at + 1, 2)]
  if (first === undefined || second === undefined) return undefined
  const [month, day] = first > 12 ? [second, first] : [first, second]
  return day < 1 || day > 31 || month < 1 || month > 12
    ? undefined
    : behindDay(words, at + 2, month, day, reading)
}

/** The time that a day and a time of day make. */
export function timeOf({ year, month, day }: Day, clock: ClockTime | undefined): ListedTime {
  return timeAt(year, month, day, clock)
}

/** The same, of a day that there is. */
export function timeAt(year: number, month: number, day: number, clock: ClockTime | undefined): ListedTime {
  const start = startOf(year, month) + (day - 1) * dayMs
  if (clock === undefined) return listedTime(start, 'day', 'server')
  const ms = start + clock.ms
  return clock.zone === undefined
    ? listedTime(ms, clock.precision, 'server')
    : listedTime(ms - clock.zone * 60_000, clock.precision, 'utc')
}

/** A single word that is a whole date of numbers, such as 2004-07-15, 07/15/04, 15.07.2004, 15-JUL-2004, 2004-jul-15. */
export function dayOfWord(word: string, reading: Reading): Day | undefined {
  if (word.length < 6 || word.length > 24) return undefined
  if (word.length === 8) {
    const [first, second, third] = [twoDigits(word, 0), twoDigits(word, 3), twoDigits(word, 6)]
    const separator = word.charAt(2)
    if (first >= 0 && second >= 0 && third >= 0 && '-/.'.includes(separator)) {
      return reading.dayOf(first, second, third, separator)
    }
  }
  const numbers = /^(\d{1,4})([-/.])(\d{1,2})[-/.](\d{1,4})[.,]?$/u.exec(word)
  if (numbers) {
    const [, first = '', separator = '', second, third = ''] = numbers
    if (first.length > 2 ? third.length > 2 : third.length < 2) return undefined
    return reading.dayOf(Number(first), Number(second), Number(third), separator)
  }
  const named = /^(\d{1,2})[-/. ]([^\d\s/-]{3,12})[-/.](\d{2,4})[.,]?$/u.exec(word)
  const [, day, month = '', year] = named ?? []
  if (named) return dayIfAny(fullYear(Number(year)), reading.monthOf(trimmed(month)), Number(day))
  const [, first, middle = '', last] = /^(\d{4})[-/.]([^\d\s/-]{3,12})[-/.](\d{1,2})$/u.exec(word) ?? []
  if (first !== undefined) return dayIfAny(Number(first), reading.monthOf(trimmed(middle)), Number(last))
  const units = /^(\d{4})[^\d\s]{1,3}(\d{1,2})[^\d\s]{1,3}(\d{1,2})[^\d\s]{0,3}$/u.exec(word)
  return units ? dayIfAny(Number(units[1]), Number(units[2]), Number(units[3])) : undefined
}

/** `Jan 29 03:26`, `Apr 8 1994`, `Oct 08, 2002 09:47`, `Oct 8,2002 09:47`: what stands behind the month. */
function behindMonth(words: Words, at: number, month: number, reading: Reading): DateFound | undefined {
  const [, dayBefore, year] = words.length(at) > 5 ? (/^(\d{1,2}),(\d{4})$/u.exec(words.at(at)) ?? []) : []
  if (year !== undefined)
    return behindYear(words, at + 1, dayIfAny(Number(year), month, Number(dayBefore)), reading)
  const day = numberOf(words, at, 2)
  if (day === undefined || day > 31) return undefined
  const short = shortYearAt(words, at + 1)
  // Who writes so tells the half of the day always.
  if (short !== undefined) return behindYear(words, at + 2, dayIfAny(short, month, day))
  return behindDay(words, at + 1, month, day, reading)
}

/** The year, or the time of a date in the last months. */
function behindDay(
  words: Words,
  at: number,
  month: number,
  day: number,
  reading: Reading,
): DateFound | undefined {
  const year = yearAt(words, at)
  if (year !== undefined) return timeBehindYear(words, at + 1, dayIfAny(year, month, day), reading)
  // `9. јун. у 09:08`: at that time.
  const clockStart = words.at(at) === 'у' ? at + 1 : at
  const clock = clockAt(words, clockStart, !reading.clocksEnd)
  if (!clock) return undefined
  // Unless others have no such thing: `pm notes` is a name too.
  if (clock.next > clockStart + 1) reading.assumed = true
  const told = clock.time.precision === 'minute' ? undefined : yearBehindClock(words, clock.next)
  const zone = told?.zone
  const time = zone === undefined ? clock.time : { ...clock.time, zone }
  const full = dayIfAny(told?.year ?? reading.yearOf(month, day, clock.time.ms), month, day)
  return full && { next: told?.next ?? clock.next, time: timeOf(full, time) }
}

/** `Apr  8 1994 09:47`, where no other date ends in its year; `Apr  8  1994 10.15 notes` is how `ls` puts a year, and a name. */
function timeBehindYear(
  words: Words,
  at: number,
  day: Day | undefined,
  reading: Reading,
): DateFound | undefined {
  const found = behindYear(words, at, day, reading)
  if (found === undefined || found.next === at || !day) return found
  // Who writes `Oct 08, 2002 09:47` does so on purpose, and a name hardly begins with seconds, unless their sign is another one.
  const isMixed = /^\d{1,2}(?:h\d\d[:.]|:\d\d\.)\d\d/iu.test(words.at(at))
  if (words.at(at - 2).endsWith(',') || (found.time.precision !== 'minute' && !isMixed)) return found
  const aligned = words.start(at - 1) - words.end(at - 2) === 2 && (isMixed || words.code(at, 2) !== 58)
  if (reading.yearsEnd || aligned) return { next: at, time: timeOf(day, undefined) }
  reading.assumed = true
  return found
}

/** `03:26:12 2004`, `03:26:12 CEST 2004`, `03:26:12 +0200 2004`. */
function yearBehindClock(
  words: Words,
  at: number,
): { readonly year: number; readonly next: number; readonly zone: number | undefined } | undefined {
  const year = yearAt(words, at)
  if (year !== undefined && at + 1 < words.count) return { year, next: at + 1, zone: undefined }
  const word = words.at(at)
  if (!/^(?:[A-Z]{3,5}|[+-]\d{4})$/u.test(word) || at + 2 >= words.count) return undefined
  const later = yearAt(words, at + 1)
  return later === undefined ? undefined : { year: later, next: at + 2, zone: zoneOf(word) }
}

/** A whole date may have a time behind it, and that a zone, if a name is left then. */
function behindYear(
  words: Words,
  at: number,
  day: Day | undefined,
  reading?: Reading,
): DateFound | undefined {
  if (!day) return undefined
  const clock = at + 1 < words.count ? clockAt(words, at, reading?.clocksEnd !== true) : undefined
  if (!clock) return { next: at, time: timeOf(day, undefined) }
  if (reading && clock.next > at + 1) reading.assumed = true
  const zone = clock.time.precision === 'minute' ? undefined : zoneOf(words.at(clock.next))
  if (zone === undefined || clock.next + 1 >= words.count)
    return { next: clock.next, time: timeOf(day, clock.time) }
  return { next: clock.next + 1, time: timeOf(day, { ...clock.time, zone }) }
}

/** A date that begins with a number: a whole one, a day, a year, or a month that is counted. */
function fromNumber(words: Words, at: number, reading: Reading): DateFound | undefined {
  const length = words.length(at)
  if (length > 40) return undefined
  const oneWord = length > 3 ? dayAndMonth(words, at, reading) : undefined
  if (oneWord) return oneWord
  if (length > 5) {
    const word = words.at(at)
    const iso = /^(\d{4}-\d{2}-\d{2})[T_](\d{1,2}:.+)$/u.exec(word)
    const clock = iso && clockTime(iso[2] ?? '')
    const day = dayOfWord(iso?.[1] ?? word, reading)
    if (day && clock) return { next: at + 1, time: timeOf(day, clock) }
    return (
      behindYear(words, at + 1, day, reading) ??
      yearFirst(words, at, reading) ??
      monthAndDay(words, at, reading)
    )
  }
  if (at + 1 >= words.count) return undefined
  return dayFirst(words, at, reading) ?? yearFirst(words, at, reading) ?? monthAndDay(words, at, reading)
}

/** `26. Juli, 20:10`, `01 oct 2004`, and the Catalan `5 de gen. 2020` and `5 d’abr. 10:11`. */
function dayFirst(words: Words, at: number, reading: Reading): DateFound | undefined {
  const day = numberOf(words, at, 2)
  if (day === undefined || day < 1 || day > 31) return undefined
  const named = words.at(at + 1) === 'de' ? at + 2 : at + 1
  const month = reading.monthOf(trimmed(words.at(named)).replace(/^d[’']/u, ''))
  return month > 0 ? behindDay(words, named + 1, month, day, reading) : undefined
}

/** `5. led 2020` as `ls` has it in Czech, with a blank that parts no words. */
function dayAndMonth(words: Words, at: number, reading: Reading): DateFound | undefined {
  const [, day, name] = /^(\d{1,2})\.?[\u00a0\u202f\udca0]([^\d\s]{2,20})$/u.exec(words.at(at)) ?? []
  const month = name === undefined ? 0 : reading.monthOf(trimmed(name))
  return month > 0 ? behindDay(words, at + 1, month, Number(day), reading) : undefined
}

/** `2003年 4月 18日 12:30`, `2003. máj. 5.`, `2003. 5. 5. 12:30`. */
function yearFirst(words: Words, at: number, reading: Reading): DateFound | undefined {
  const year = yearAt(words, at)
  if (year === undefined) return undefined
  const joined = /^(\d{1,2})[^\p{ASCII}]{1,3}(\d{1,2})[^\p{ASCII}]{1,3}$/u.exec(words.at(at + 1))
  if (joined) return behindYear(words, at + 2, dayIfAny(year, Number(joined[1]), Number(joined[2])), reading)
  const isPointed = words.at(at).endsWith('.') && words.at(at + 1).endsWith('.')
  const month = monthAt(words, at + 1, reading) || (isPointed ? (numberOf(words, at + 1, 2) ?? 0) : 0)
  const day = numberOf(words, at + 2, 2)
  if (month === 0 || day === undefined) return undefined
  // `2048 Jan  1 00:00`: that is a size.
  const isSize = words.number(at) !== undefined && behindMonth(words, at + 2, month, reading) !== undefined
  if (isSize) return undefined
  return (
    behindYear(words, at + 3, dayIfAny(year, month, day), reading) ??
    behindMonth(words, at + 2, month, reading)
  )
}

/** `07-15 09:30` and `09-26 2000`, as `ls --time-style=iso` has them; `4月 18 12:30`, `4월18일 12:30`; `18.4. 12:30`, `18. 4. 12:30`. */
function monthAndDay(words: Words, at: number, reading: Reading): DateFound | undefined {
  const word = words.at(at)
  const joined = /^(\d{1,2})(?:-|[^\p{ASCII}]{1,3})(\d{1,2})(?:[^\p{ASCII}]{1,3})?$/u.exec(word)
  if (joined) return behindDay(words, at + 1, Number(joined[1]), Number(joined[2]), reading)
  const pointed = /^(\d{1,2})\.(\d{1,2})\.$/u.exec(word)
  if (pointed) return behindDay(words, at + 1, Number(pointed[2]), Number(pointed[1]), reading)
  const apart = /^\d{1,2}\.$/u.test(word) && /^\d{1,2}\.$/u.test(words.at(at + 1))
  if (apart)
    return behindDay(words, at + 2, Number.parseInt(words.at(at + 1), 10), Number.parseInt(word, 10), reading)
  const month = monthAt(words, at, reading)
  return month > 0 ? behindMonth(words, at + 1, month, reading) : undefined
}

/** `Feb-28-1998`. */
function joinedMonth(words: Words, at: number, reading: Reading): DateFound | undefined {
  const word = words.at(at)
  if (word.length < 8) return undefined
  const found = /^([^\d\s/-]{3,12})[-/.](\d{1,2})[-/.](\d{2,4})[.,]?$/u.exec(word)
  const month = found ? reading.monthOf(trimmed(found[1] ?? '')) : 0
  if (!found || month === 0) return undefined
  return behindYear(words, at + 1, dayIfAny(fullYear(Number(found[3])), month, Number(found[2])), reading)
}

const weekday =
  /^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,6}[.,]?$/iu

/** `Wed Mar 12 10:00:00 2014`, `Wed, 12 Mar 2014 10:00`. */
function behindWeekday(words: Words, at: number, reading: Reading): DateFound | undefined {
  return weekday.test(words.at(at)) ? dateAtMonthOrDay(words, at + 1, reading) : undefined
}

function dateAtMonthOrDay(words: Words, at: number, reading: Reading): DateFound | undefined {
  const month = reading.monthOf(trimmed(words.at(at)))
  return month > 0 ? behindMonth(words, at + 1, month, reading) : dayFirst(words, at, reading)
}

/** A month that is a name, or a number with a sign behind it, even one that its encoding hides. */
function monthAt(words: Words, at: number, reading: Reading): number {
  const word = trimmed(words.at(at))
  const named = reading.monthOf(word)
  if (named > 0) return named
  const counted = /^(\d{1,2})[^\p{ASCII}]{1,3}$/u.exec(word)
  const month = Number(counted?.[1] ?? 0)
  return month <= 12 ? month : 0
}

/** A time of day in a line, and the first word behind it. */
export interface ClockFound {
  readonly next: number
  readonly time: ClockTime
}

/** The time of day at a word, with AM or PM behind it if a name is left then, and that may be no part of it. */
export function clockAt(words: Words, at: number, withHalf = true): ClockFound | undefined {
  const word = words.at(at)
  const before = word.charCodeAt(0) > 127 ? /^(上午|下午|午前|午後|오전|오후)(\S*)$/u.exec(word) : null
  if (before) {
    const half = /^(?:上午|午前|오전)/u.test(word) ? 'am' : 'pm'
    const apart = before[2] === ''
    const time = clockTime(apart ? words.at(at + 1) : (before[2] ?? ''), half)
    return time && { next: at + (apart ? 2 : 1), time }
  }
  const half = withHalf && at + 2 < words.count ? halfOf(words.at(at + 1), words.at(at + 2)) : undefined
  const halved = half && clockTime(word, half.half)
  if (halved && at + 1 + half.words < words.count) return { next: at + 1 + half.words, time: halved }
  const time = clockTime(word)
  return time && { next: at + 1, time }
}

/** A number of a few digits; a point, a comma or the sign for day may stand behind it. */
function numberOf(words: Words, at: number, digits: number): number | undefined {
  const length = words.length(at)
  if (length === 0 || length > digits + 3) return undefined
  const plain = length <= digits ? words.number(at) : undefined
  if (plain !== undefined) return plain
  const found = /^(\d{1,2})(?:[.,]|[^\p{ASCII}]\S{0,2})$/u.exec(words.at(at))
  return found ? Number(found[1]) : undefined
}

function yearAt(words: Words, at: number): number | undefined {
  const length = words.length(at)
  if (length < 4 || length > 7) return undefined
  const year =
    length === 4
      ? words.number(at)
      : Number(/^(\d{4})(?:[.,]|[^\p{ASCII}]\S{0,2})$/u.exec(words.at(at))?.[1] ?? 0)
  return year !== undefined && year >= 1600 && year < 3000 ? year : undefined
}

/** `Oct 14, 99 8:45 pm`: two digits are a year where the time stands behind them. */
function shortYearAt(words: Words, at: number): number | undefined {
  const year = words.length(at) === 2 ? words.number(at) : undefined
  return year !== undefined && clockAt(words, at + 1) ? fullYear(year) : undefined
}

function dayIfAny(year: number, month: number, day: number): Day | undefined {
  return isDay(year, month, day) ? { year, month, day } : undefined
}

function trimmed(word: string): string {
  return word.endsWith('.') || word.endsWith(',') ? word.slice(0, -1) : word
}
