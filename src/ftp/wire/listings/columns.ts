import type { Confidence, ListedTime } from './listed.ts'
import { dateAt, dayWithoutYear, numberedMonth, type DateFound } from './date-at.ts'
import { monthOf } from './month-of.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** What stands between the permissions and the end of a line in the manner of `ls -l`. */
export interface Columns {
  readonly links: number | undefined
  readonly owner: string | undefined
  readonly group: string | undefined
  readonly size: number | undefined
  readonly rounded: boolean
  readonly device: boolean
  readonly modified: ListedTime | undefined
  readonly name: string
  readonly confidence: Confidence
}

/** Reads links, owner, group, size, date and name from this word on; any but the date and the name may be missing. */
export function columns(words: Words, first: number, reading: Reading): Columns | undefined {
  return usual(words, first, reading) ?? sized(words, first, reading) ?? dated(words, first, reading)
}

/** Four words and the date: nearly all lines there are. */
function usual(words: Words, first: number, reading: Reading): Columns | undefined {
  const size = words.number(first + 3)
  if (size === undefined) return undefined
  const links = words.number(first)
  const isNumber = words.number(first + 1) !== undefined
  if (links === undefined || (isNumber && words.number(first + 2) === undefined)) return undefined
  const date = dateAt(words, first + 4, reading)
  if (!date) return undefined
  learnEnd(words, first + 4, date, reading)
  return {
    links,
    owner: words.kept(first + 1),
    group: words.kept(first + 2),
    size,
    rounded: false,
    device: false,
    modified: date.time,
    name: words.behind(date.next - 1),
    confidence: 'sure',
  }
}

/** Tells the reading when a date that begins at this word ends as `ls` has it, in `03:26` or in `1994`. */
function learnEnd(words: Words, from: number, { next, time }: DateFound, reading: Reading): void {
  const length = words.length(next - 1)
  const last = words.code(next - 1, length - 1)
  // `下午 10:11` says more than the time.
  if (length > 5 || last < 48 || last > 57 || words.code(next - 2, 0) > 0x2e_80) return
  if (time.precision === 'minute' && next <= from + 3) reading.learnClock()
  if (next === from + 3 && (time.precision === 'minute' || (time.precision === 'day' && length === 4)))
    reading.learnYear()
}

/** The first date that has a size before it: owners and groups may be numbers, several words, or not there. */
function sized(words: Words, first: number, reading: Reading): Columns | undefined {
  for (let at = first + 1; at < words.count; at += 1) {
    const size = sizeAt(words, at - 1)
    if (!size) continue
    const date = dateAt(words, at, reading)
    if (!date) continue
    learnEnd(words, at, date, reading)
    const major = at - 2 >= first && /^\d+,$/u.test(words.at(at - 2))
    return {
      ...people(words, first, at - (major || size.words > 1 ? 2 : 1), size.owner),
      size: major || size.device ? 0 : size.bytes,
      rounded: size.rounded,
      device: major || size.device,
      modified: date.time,
      name: words.behind(date.next - 1),
      confidence: size.owner === undefined ? 'sure' : 'guess',
    }
  }
  return undefined
}

/** A date without a size before it, a date in seconds since 1970, a day alone; then what follows the last number. */
function dated(words: Words, first: number, reading: Reading): Columns | undefined {
  for (let at = first; at < words.count; at += 1) {
    const date = dateAt(words, at, reading)
    if (!date || date.next >= words.count) continue
    // A size that overflowed is written as less than nothing.
    const negative = /^-\d+$/u.test(words.at(at - 1))
    return {
      ...people(words, first, negative ? at - 1 : at),
      size: undefined,
      rounded: false,
      device: false,
      modified: date.time,
      name: words.behind(date.next - 1),
      confidence: 'likely',
    }
  }
  return inSeconds(words, first) ?? yearless(words, first, reading) ?? undated(words, first)
}

/** `ls --time-style=+%s`. */
function inSeconds(words: Words, first: number): Columns | undefined {
  for (let at = first + 1; at + 1 < words.count; at += 1) {
    const size = words.number(at - 1)
    const length = words.length(at)
    const seconds = length === 9 || length === 10 ? words.number(at) : undefined
    if (size === undefined || seconds === undefined) continue
    return {
      ...people(words, first, at - 1),
      size,
      rounded: false,
      device: false,
      modified: { ms: seconds * 1000, precision: 'second', zone: 'utc' },
      name: words.behind(at),
      confidence: 'likely',
    }
  }
  return undefined
}

/** `Aug 22` without a year, `3 29 03:26` without a name of the month. */
function yearless(words: Words, first: number, reading: Reading): Columns | undefined {
  for (let at = first + 1; at + 2 < words.count; at += 1) {
    const size = words.number(at - 1)
    const date =
      size === undefined
        ? undefined
        : (numberedMonth(words, at, reading) ?? dayWithoutYear(words, at, reading))
    // What looks like a time or a year behind it makes a date that cannot be, and no part of a name.
    if (!date || date.next >= words.count || /^(?:\d{1,2}:\d\d|(?:19|20)\d\d)$/u.test(words.at(date.next)))
      continue
    return {
      ...people(words, first, at - 1),
      size,
      rounded: false,
      device: false,
      modified: date.time,
      name: words.from(date.next),
      confidence: 'guess',
    }
  }
  return undefined
}

function undated(words: Words, first: number): Columns | undefined {
  let last = -1
  let size: SizeFound | undefined
  for (let at = first; at + 1 < words.count && at < first + 4; at += 1) {
    const found = sizeAt(words, at)
    if (!found || found.owner !== undefined || found.words > 1) continue
    last = at
    size = found
  }
  // The number of links alone is no size.
  if (last < 0 || (last === first && words.count > first + 2)) return undefined
  // A size that ran into the month: what follows the number before it is no name.
  if (/^\d+\p{L}{3,}$/u.test(words.at(last + 1)) && /^\d{1,2}$/u.test(words.at(last + 2))) return undefined
  const unknown = unknownDate(words, last + 1)
  // What begins as a date does and is none makes no name.
  if (unknown === 0 && monthOf(words.at(last + 1)) > 0 && /^-?\d/u.test(words.at(last + 2))) return undefined
  return {
    ...people(words, first, last),
    size: size?.bytes,
    rounded: size?.rounded ?? false,
    device: size?.device ?? false,
    modified: undefined,
    name: words.behind(unknown > 0 ? unknown : last),
    confidence: 'guess',
  }
}

const CLOCK = /^(?:[01]?\d|2[0-4])[:.][0-5]\d$/u
const DAY = /^(?:[0-2]?\d|3[01])[.,]?$/u
/** Some have the path of a link run into its month: `/some/whereFeb`. */
const MONTH = /^[^\d\s/]{2,12}\d{0,2}[^\d\s/]{0,2}$|^\/\S*[A-Z][a-z]{2}$/u

/** Where a date ends that cannot be: its month is a word that is not known, or zero, or there is no such day. Else 0. */
function unknownDate(words: Words, at: number): number {
  const [first, second, third] = [words.at(at), words.at(at + 1), words.at(at + 2)]
  if (/^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$/u.test(first) && CLOCK.test(second) && at + 2 < words.count)
    return at + 1
  const dated =
    ((MONTH.test(first) || /^0+$/u.test(first)) && DAY.test(second)) ||
    (DAY.test(first) && MONTH.test(second))
  if (!dated) return 0
  return (/^(?:19|20)\d\d$/u.test(third) || CLOCK.test(third)) && at + 3 < words.count ? at + 2 : 0
}

interface SizeFound {
  readonly bytes: number
  readonly rounded: boolean
  readonly device: boolean
  /** How many words it takes. */
  readonly words: number
  /** The owner or group that it is stuck to. */
  readonly owner?: string
}

const units: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** `531`, `9,730`, `1.234.567`, `33.5k`, `12 KB`, `1,3` of a device, `group123456`. */
function sizeAt(words: Words, at: number): SizeFound | undefined {
  const plain = words.number(at)
  if (plain !== undefined) return { bytes: plain, rounded: false, device: false, words: 1 }
  const word = words.at(at)
  const end = word.charCodeAt(word.length - 1)
  if (/^(?:bytes?|[kmgt]i?b?)$/iu.test(word)) {
    const before = /^\d+(?:[.,]\d+)?$/u.test(words.at(at - 1)) ? words.at(at - 1) : undefined
    return before === undefined ? undefined : inUnits(before, word, 2)
  }
  if (/^\d{1,3}(?:[.,'\u00a0\u202f\udca0]\d{3})+$/u.test(word)) {
    return { bytes: Number(word.replaceAll(/\D/gu, '')), rounded: false, device: false, words: 1 }
  }
  const united = /^(\d+(?:[.,]\d+)?)([kmgtb]i?b?)$/iu.exec(word)
  if (united) return inUnits(united[1] ?? '', united[2] ?? '', 1)
  if (/^\d{1,5},(?:\d{1,8}|0x[\da-f]+)$|^0x[\da-f]+$/iu.test(word)) {
    return { bytes: 0, rounded: false, device: true, words: 1 }
  }
  if (end < 48 || end > 57) return undefined
  const stuck = /^(.*[^\d\p{P}])(\d{1,15})$/u.exec(word)
  if (!stuck || at < 2) return undefined
  return { bytes: Number(stuck[2]), rounded: true, device: false, words: 1, owner: stuck[1] ?? '' }
}

function inUnits(number: string, unit: string, words: number): SizeFound {
  const bytes = Math.round(Number(number.replace(',', '.')) * (units[unit.charAt(0).toLowerCase()] ?? 1))
  return { bytes, rounded: !/^b/iu.test(unit), device: false, words }
}

/** Links, owner and group of the words before the size. */
function people(words: Words, first: number, end: number, stuck?: string) {
  const links = end > first ? words.number(first) : undefined
  // One number alone is the links; `ls -n` has the links and two more.
  const from = links === undefined ? first : first + 1
  if (end - from < 2)
    return { links, owner: from < end ? words.at(from) : stuck, group: from < end ? stuck : undefined }
  const second = secondColumn(words, from, end)
  return { links, owner: words.between(from, second), group: words.between(second, end) }
}

/** Where the group begins: behind the widest gap, as both may have spaces; behind the first word where all gaps are one blank. */
function secondColumn(words: Words, from: number, end: number): number {
  let second = from + 1
  let widest = 1
  for (let at = from + 1; at < end; at += 1) {
    const gap = words.start(at) - words.end(at - 1)
    if (gap <= widest) continue
    widest = gap
    second = at
  }
  return second
}
