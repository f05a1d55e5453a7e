import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/**
 * z/VM: `VAULT    EXEC     V         65        107          6 2005-10-04 15:28:42 060191`; the name is what is fetched, with a
 * point. A directory of SFS has no type: `ART               DIR        -          -          - 11/24/95 17:45:47 -`. Older ones
 * tell the disk too: `VAULT    EXEC      A1 V      65     107    6       10/04/91   15:28:42`.
 */
export const cms: ReadLine = (words, reading) => {
  if (words.line.endsWith("'")) return byteFile(words, reading)
  const named = words.at(1) === 'DIR' || words.at(2) === 'DIR' ? 1 : 2
  const form = /^[A-Z]\d$/u.test(words.at(named)) ? named + 1 : named
  if (words.count < form + 6 || !/^(?:[FV]|DIR|-)$/u.test(words.at(form))) return undefined
  const directory = words.at(form) === 'DIR'
  const day = dayOfWord(words.at(form + 4), reading)
  const clock = clockTime(words.at(form + 5))
  if (!day || !clock) return undefined
  const length = words.number(form + 1)
  const records = words.number(form + 2)
  return {
    name: directory ? words.at(0) : `${words.at(0)}.${words.at(1)}`,
    kind: directory ? 'directory' : 'file',
    size: directory || length === undefined || records === undefined ? undefined : length * records,
    rounded: true,
    modified: timeOf(day, clock),
    family: 'cms',
    confidence: 'sure',
  }
}

/** Its Byte File System: `05/20/2000 13:38:19 F 1 65758 'name'`, `08/21/2000 05:28:40 D - - 'name'`. */
function byteFile(words: Words, reading: Reading): Found | undefined {
  const form = /^\s*\S{8,10}\s+\S{5,8}\s+([A-Z])\s+(?:\d{1,6}|-)\s+(\d{1,15}|-)\s+'(.+)'$/u
  const [, letter, size, name] = form.exec(words.line) ?? []
  const day = name === undefined ? undefined : dayOfWord(words.at(0), reading)
  const clock = clockTime(words.at(1))
  if (name === undefined || !day || !clock) return undefined
  return {
    name,
    kind: letter === 'D' ? 'directory' : letter === 'F' ? 'file' : letter === 'L' ? 'link' : 'other',
    size: size === '-' ? undefined : Number(size),
    modified: timeOf(day, clock),
    family: 'cms',
    confidence: 'sure',
  }
}
