import type { EntryKind } from '../../../core/store.ts'
import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ListedTime, ReadLine } from './listed.ts'
import type { Day, Reading } from './reading.ts'
import type { Words } from './words.ts'
import { fullYear } from './year.ts'

/** What is no file. */
const kinds: Readonly<Record<string, EntryKind>> = {
  '*DIR': 'directory',
  '*DDIR': 'directory',
  '*LIB': 'directory',
  '*FLR': 'directory',
  '*SYMLNK': 'link',
  '*FIFO': 'other',
  '*SOCKET': 'other',
  '*BLKSF': 'other',
  '*CHRSF': 'other',
}

/** IBM i: `QSYS            77824 02/23/00 15:09:55 *DIR       name/`; members have no size and no date, some lines no name. */
export const as400: ReadLine = (words, reading) => {
  let type = 0
  while (type < words.count && type < 7 && words.code(type, 0) !== 42) type += 1
  const word = words.at(type)
  if (!/^\*[A-Z][A-Z0-9]{1,9}$/u.test(word) || type + 1 >= words.count) return undefined
  let size: number | undefined
  let modified: ListedTime | undefined
  for (let at = 0; at < type; at += 1) {
    const day = at > 0 ? dayAt(words, at, type, reading) : undefined
    if (day) {
      const clock = clockTime(words.at(day.next).replaceAll(/[,.]/gu, ':'))
      modified = timeOf(day.day, clock)
      at = clock ? day.next : day.next - 1
    } else if (at > 0 && size === undefined) size = words.number(at)
  }
  return {
    name: words.from(type + 1),
    kind: kinds[word] ?? 'file',
    size,
    modified,
    owner: type > 0 ? words.at(0) : undefined,
    family: 'as400',
    confidence: modified === undefined && word !== '*MEM' ? 'likely' : 'sure',
  }
}

/** A date as the job's DATFMT and DATSEP have it: `02/23/00`, `23.12.05`, `05-12-23`, `12,23,05`, `12 23 05`, or *JUL's `05/357`. */
function dayAt(
  words: Words,
  at: number,
  end: number,
  reading: Reading,
): { readonly day: Day; readonly next: number } | undefined {
  const word = words.at(at).replaceAll(',', '/')
  const [, year, count] = /^(\d{2}|\d{4})[-/.](\d{3})$/u.exec(word) ?? []
  const day = count === undefined ? dayOfWord(word, reading) : dayOfYear(Number(year), Number(count))
  if (day) return { day, next: at + 1 }
  if (at + 3 >= end) return undefined
  const three = [at, at + 1, at + 2].map((each) => words.at(each))
  // A time must follow, or these may be other numbers.
  if (!three.every((each) => each.length === 2) || !/^\d\d[:.,]\d\d/u.test(words.at(at + 3))) return undefined
  const apart = dayOfWord(three.join('/'), reading)
  return apart && { day: apart, next: at + 3 }
}

function dayOfYear(year: number, count: number): Day | undefined {
  const date = new Date(Date.UTC(fullYear(year), 0, count))
  if (count < 1 || date.getUTCFullYear() !== fullYear(year)) return undefined
  return { year: fullYear(year), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
