import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/** OS/2: `  36611      A    04-23-103   10:57  name`, `      0 DIR       02-11-103   16:15  name`. */
export const os2: ReadLine = (words, reading) => {
  const size = words.number(0)
  if (size === undefined) return undefined
  let at = 1
  let directory = false
  while (at < 4 && /^(?:DIR|[ARHSD]{1,5})$/u.test(words.at(at))) {
    directory ||= words.at(at) === 'DIR'
    at += 1
  }
  const day = dayOfWord(words.at(at), reading)
  const clock = clockTime(words.at(at + 1))
  if (!day || !clock || at + 2 >= words.count) return undefined
  return {
    name: words.from(at + 2),
    kind: directory ? 'directory' : 'file',
    size,
    modified: timeOf(day, clock),
    family: 'os2',
    confidence: 'sure',
  }
}
