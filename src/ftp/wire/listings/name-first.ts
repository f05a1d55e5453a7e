import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/** Nortel's routers (`name  1014196  06/03/04  Thur.   10:20:03`) and 16-bit Windows (`NAME.DOC  11264  05-11-95  14:20`). */
export const nameFirst: ReadLine = (words, reading) => {
  const size = words.number(1)
  const directory = /^<DIR>$/iu.test(words.at(1))
  if (size === undefined && !directory) return undefined
  const day = dayOfWord(words.at(2), reading)
  if (!day) return undefined
  const weekday = /^[a-z]{2,9}\.?$/iu.test(words.at(3))
  const clock = clockTime(words.at(weekday ? 4 : 3))
  if (!clock) return undefined
  return {
    name: words.at(0),
    kind: directory ? 'directory' : 'file',
    size,
    modified: timeOf(day, clock),
    family: weekday ? 'nortel' : 'other',
    confidence: weekday ? 'sure' : 'likely',
  }
}
