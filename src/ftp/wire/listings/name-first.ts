import { clockTime } from './clock-time.ts'
import { dateAt, dayOfWord, timeOf, type DateFound } from './date-at.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/**
 * Nortel's routers (`name  1014196  06/03/04  Thur.   10:20:03`), 16-bit Windows (`NAME.DOC  11264  05-11-95  14:20`, and
 * `NAME.DOC  11264  May 11 1995 14:20   A` with attributes), PC-NFS (`name  doc  11,264  05-11-95  2:20p`), and Unisys MCP, which
 * tells the kind of file first (`A/FILE  SEQDATA  11264  05/11/1995  14:20:00`).
 */
export const nameFirst: ReadLine = (words, reading) => {
  // Descriptions stand behind these: whoever reads them knows the rest too.
  if (reading.describes) return undefined
  const second = sizeIn(words, 1) === undefined ? words.at(1) : ''
  const kinded = /^[A-Z][A-Z\d]{3,15}$/u.test(second)
  const ending = /^[\w~$#]{1,3}$/u.test(second)
  const at = kinded || ending ? 2 : 1
  const size = sizeIn(words, at)
  if (size === undefined) return undefined
  if (words.count === 2) return bare(words.at(0), size)
  const when = dayThenTime(words, at + 1, reading) ?? dateThenAttributes(words, at + 1, reading)
  if (!when || ((kinded || ending) && when.next !== words.count)) return undefined
  const long = when.next < words.count ? words.behind(when.next - 1) : ''
  return {
    name: isLongNameOf(words.at(0), long) ? long : ending ? `${words.at(0)}.${second}` : words.at(0),
    ...size,
    modified: when.time,
    family: when.weekday ? 'nortel' : 'other',
    confidence: when.weekday ? 'sure' : 'likely',
  }
}

/** NCSA's servers tell no dates: `TOOLS   <DIR>`, `PROG.EXE   12345`. Words before a number may also be a sum. */
function bare(name: string, size: Pick<Found, 'kind' | 'size'>): Found | undefined {
  if (size.kind === 'directory') return { name, ...size, family: 'other', confidence: 'likely' }
  const isOfDos = /^[\w~$#!%@-]{1,8}\.[\w~$#!%@-]{1,3}$/u.test(name)
  return isOfDos ? { name, ...size, family: 'other', confidence: 'guess' } : undefined
}

/** SuperTCP tells the whole name last, and one of eight letters in its stead first. */
function isLongNameOf(short: string, long: string): boolean {
  return long !== '' && (/~\d/u.test(short) || long.toLowerCase() === short.toLowerCase())
}

/** `11264`, `11,264`, or the mark of a directory. */
function sizeIn(words: Words, at: number): Pick<Found, 'kind' | 'size'> | undefined {
  const plain = words.number(at)
  if (plain !== undefined) return { kind: 'file', size: plain }
  const word = words.at(at)
  if (/^<DIR>$/iu.test(word)) return { kind: 'directory' }
  return /^\d{1,3}(?:,\d{3}){1,5}$/u.test(word)
    ? { kind: 'file', size: Number(word.replaceAll(',', '')) }
    : undefined
}

type When = DateFound & { readonly weekday: boolean }

/** Numbers for the day, a weekday perhaps, and the time. */
function dayThenTime(words: Words, at: number, reading: Reading): When | undefined {
  const day = dayOfWord(words.at(at), reading)
  if (!day) return undefined
  const weekday = /^[a-z]{2,9}\.?$/iu.test(words.at(at + 1))
  const next = weekday ? at + 2 : at + 1
  const clock = clockTime(words.at(next))
  return clock && { next: next + 1, time: timeOf(day, clock), weekday }
}

/** A date in words; nothing comes behind it but attributes of DOS. */
function dateThenAttributes(words: Words, at: number, reading: Reading): When | undefined {
  // What has a time behind its year has a word behind that for `dateAt`.
  const date = dateAt(words, at, reading)
  if (!date) return undefined
  const clock = date.time.precision === 'day' ? clockTime(words.at(date.next)) : undefined
  const next = clock ? date.next + 1 : date.next
  const attributes = next === words.count - 1 && /^[RHASD]{1,5}$/u.test(words.at(next))
  if (next !== words.count && !attributes) return undefined
  const ms = date.time.ms + (clock?.ms ?? 0)
  const time = clock ? { ...date.time, ms, precision: clock.precision } : date.time
  return { next: words.count, time, weekday: false }
}
