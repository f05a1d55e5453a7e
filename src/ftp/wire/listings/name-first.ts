import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/**
 * Nortel's routers (`name  1014196  06/03/04  Thur.   10:20:03`), 16-bit Windows (`NAME.DOC  11264  05-11-95  14:20`), and
 * Unisys MCP, which tells the kind of file first (`A/FILE  SEQDATA  11264  05/11/1995  14:20:00`).
 */
export const nameFirst: ReadLine = (words, reading) => {
  const kinded = words.number(1) === undefined && /^[A-Z]{2}[A-Z\d]{0,14}$/u.test(words.at(1))
  const at = kinded ? 2 : 1
  const size = words.number(at)
  const directory = /^<DIR>$/iu.test(words.at(at))
  if (size === undefined && !directory) return undefined
  const day = dayOfWord(words.at(at + 1), reading)
  if (!day) return undefined
  const weekday = /^[a-z]{2,9}\.?$/iu.test(words.at(at + 2))
  const clock = clockTime(words.at(weekday ? at + 3 : at + 2))
  if (!clock || (kinded && words.count !== 5)) return undefined
  return {
    name: words.at(0),
    kind: directory ? 'directory' : 'file',
    size,
    modified: timeOf(day, clock),
    family: weekday ? 'nortel' : 'other',
    confidence: weekday ? 'sure' : 'likely',
  }
}
