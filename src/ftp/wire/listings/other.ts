import { columns } from './columns.ts'
import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import { dateAtEnd } from './date-at-end.ts'
import { modeWord } from './mode-word.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'
import { fullYear } from './year.ts'

/**
 * Sterling Connect:Enterprise: flags and the protocol, `-C--E-----FTP B BCC3I1       7670  1294495 Jan 13 07:42 name`; asked with
 * `$$`, the batch and the size, `acme     00003444 00910368 <name>     230924-1636  A R       TCP BIN`; mailboxes, `d   -   -   -  -  -  -  - acme`.
 */
export const connectEnterprise: ReadLine = (words, reading) => {
  const mailbox = words.count > 8 ? /^d(?:\s+-){7}\s+(\S.*)$/u.exec(words.line)?.[1] : undefined
  if (mailbox !== undefined) return { name: mailbox, kind: 'directory', family: 'other', confidence: 'sure' }
  if (words.count > 5 && /^\d{8}$/u.test(words.at(1))) return batch(words, reading)
  if (!/^[-A-Z]{10}[-A-Z\d]{0,6}$/u.test(words.at(0)) || !words.at(0).includes('-')) return undefined
  const found = columns(words, 1, reading)
  if (found?.size === undefined || found.modified === undefined || found.name === '') return undefined
  return {
    name: found.name,
    kind: 'file',
    size: found.size,
    modified: found.modified,
    owner: words.at(2),
    family: 'other',
    confidence: 'sure',
  }
}

/** Sterling Connect:Express: `-D 2 T VB  00244 18000 name`: dynamic or fixed, the rule, the direction, the form of its records. */
export const connectExpress: ReadLine = (words) => {
  if (words.count !== 7 || !/^-[DF] [012] [RT*] /u.test(words.line)) return undefined
  return { name: words.at(6), kind: 'file', family: 'other', confidence: 'sure' }
}

function batch(words: Words, reading: Reading): Found | undefined {
  const form = /^(\S{1,30})\s+\d{8}\s+(\d{8,15})\s+<(.{1,200}?)>\+?\s+(\d\d)(\d\d)(\d\d)-(\d\d)(\d\d)\s/u
  const [, owner, size, name, year, month, day, hour, minute] = form.exec(words.line.slice(0, 400)) ?? []
  if (name === undefined) return undefined
  const days = dayOfWord(`${fullYear(Number(year))}-${month}-${day}`, reading)
  return {
    name,
    kind: 'file',
    size: Number(size),
    modified: days && timeOf(days, clockTime(`${hour}:${minute}`)),
    owner,
    family: 'other',
    confidence: 'sure',
  }
}

/** Whatever else has a size, a date and a name, in the order of `ls` or with the name in front. */
export const anything: ReadLine = (words, reading) => {
  // Permissions without a name behind them are a line that lost its end.
  if (words.count < 3 || modeWord(words, 0)) return undefined
  return recordFile(words) ?? nameLast(words, reading) ?? nameInFront(words, reading)
}

function nameLast(words: Words, reading: Reading): Found | undefined {
  const found = columns(words, 0, reading)
  if (found?.modified === undefined || found.name.trim() === '') return undefined
  // A day with a time or another day behind it, which are no name.
  if (found.size === undefined || startsWithTime(found.name, reading)) return undefined
  // Owner and protection of VMS, behind a name that has not its form.
  if (/^\s*\[[^\]]+\]\s*(?:\([RWED,]*\)?\s*)?$/u.test(found.name)) return undefined
  const directory = /^(?:d[-rw]|<?dir>?$|d$)/iu.test(words.at(0))
  return guess(found.name.trimStart(), directory, found.size, found.modified)
}

function startsWithTime(name: string, reading: Reading): boolean {
  const first = name.trimStart().split(/\s/u, 1)[0] ?? ''
  return clockTime(first) !== undefined || dayOfWord(first, reading) !== undefined
}

function nameInFront(words: Words, reading: Reading): Found | undefined {
  for (let at = 1; at + 1 < words.count && at < 6; at += 1) {
    const size = words.number(at)
    const time = size === undefined ? undefined : dateAtEnd(words, at + 1, reading)
    if (time) return guess(words.between(0, at) ?? '', false, size, time)
  }
  return undefined
}

function guess(
  name: string,
  directory: boolean,
  size: number | undefined,
  modified: Found['modified'],
): Found {
  const kind = directory ? 'directory' : 'file'
  return { name, kind, size, modified, family: 'other', confidence: 'guess' }
}

/**
 * MPE/iX: `1B  BA         115 2147483647   1       16  1  *  testfile`, sizes in records of bytes (B) or words (W); the name in front
 * where it is one of eight letters, `DB000   PRIV   128W  FB   6   6   1   16  1  1`, where older ones end behind
 * the fourth number.
 */
function recordFile(words: Words): Found | undefined {
  if (words.count < 5) return undefined
  const found = mpe.exec(words.line.slice(0, 200))
  if (!found) return undefined
  const [, first, length = '', unit, records = '', behind] = found
  const name = behind ?? first ?? ''
  if (name === '') return undefined
  const directory = name.endsWith('/')
  return {
    name,
    kind: directory ? 'directory' : 'file',
    size: directory ? undefined : Number(length) * (unit === 'W' ? 2 : 1) * Number(records),
    rounded: true,
    family: 'other',
    confidence: 'likely',
  }
}

const mpe =
  /^\s*([A-Z]\w{0,15}\*?)?(?:\s+[A-Z]\w{0,7})?\s+(\d{1,6})([BW])\s+[A-Z]{2,4}\s+(\d{1,12})\s+\d{1,12}(?:\s+\d{1,6}\s+\d{1,12}\s+\d{1,4}\s+(?:\d{1,4}|\*)(?:\s+(\S.*))?)?\s*$/u
