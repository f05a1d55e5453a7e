import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/**
 * z/VM: `VAULT    EXEC     V         65        107          6 2005-10-04 15:28:42 060191`; the name is what is fetched, with a
 * point. A directory of SFS has no type: `ART               DIR        -          -          - 11/24/95 17:45:47 -`. Older ones
 * tell the disk too: `VAULT    EXEC      A1 V      65     107    6       10/04/91   15:28:42`.
 */
export const cms: ReadLine = (words, reading) => {
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
