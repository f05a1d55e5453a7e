import { columns } from './columns.ts'
import { dateAt } from './date-at.ts'
import { modeWord } from './mode-word.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** Sterling Connect:Enterprise: flags and the protocol, `-C--E-----FTP B BCC3I1       7670  1294495 Jan 13 07:42 name`. */
export const connectEnterprise: ReadLine = (words, reading) => {
  if (!/^[-A-Z]{10}[A-Z\d]{0,6}$/u.test(words.at(0)) || !words.at(0).includes('-')) return undefined
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

/** Whatever else has a size, a date and a name, in the order of `ls` or with the name in front. */
export const anything: ReadLine = (words, reading) => {
  // Permissions without a name behind them are a line that lost its end.
  if (words.count < 3 || modeWord(words, 0)) return undefined
  return recordFile(words) ?? nameLast(words, reading) ?? nameInFront(words, reading)
}

function nameLast(words: Words, reading: Reading): Found | undefined {
  const found = columns(words, 0, reading)
  if (found?.size === undefined || found.modified === undefined || found.name.trim() === '') return undefined
  const directory = /^(?:d[-r]|<?dir>?$)/iu.test(words.at(0))
  return guess(found.name.trimStart(), directory, found.size, found.modified)
}

function nameInFront(words: Words, reading: Reading): Found | undefined {
  for (let at = 1; at + 1 < words.count && at < 6; at += 1) {
    const size = words.number(at)
    const date = size === undefined ? undefined : dateAt(words, at + 1, reading)
    if (size !== undefined && date && date.next === words.count) {
      return guess(words.between(0, at) ?? '', false, size, date.time)
    }
  }
  return undefined
}

function guess(name: string, directory: boolean, size: number, modified: Found['modified']): Found {
  const kind = directory ? 'directory' : 'file'
  return { name, kind, size, modified, family: 'other', confidence: 'guess' }
}

/** MPE/iX: `1B  BA         115 2147483647   1       16  1  *  testfile`, sizes in records of bytes (B) or words (W). */
function recordFile(words: Words): Found | undefined {
  if (words.count < 9) return undefined
  const found = mpe.exec(words.line.slice(0, 200))
  if (!found) return undefined
  const [, length = '', unit, records = '', name = ''] = found
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
  /^\s*(?:[A-Z]\w{0,7}\s+)?(\d{1,6})([BW])\s+[A-Z]{2,4}\s+(\d{1,12})\s+\d{1,12}\s+\d{1,6}\s+\d{1,12}\s+\d{1,4}\s+(?:\d{1,4}|\*)\s+(\S.*)$/u
