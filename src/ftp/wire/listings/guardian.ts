import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/** HPE NonStop: `IARPTS01  101   16354  18-Mar-09 15:09:12 244, 10 "nnnn"`; an O behind the name says that it is open. */
export const guardian: ReadLine = (words, reading) => {
  const at = /^(?:O|\?)$/u.test(words.at(1)) ? 2 : 1
  const size = words.number(at + 1)
  if (size === undefined || !/^\d{1,5}\S?$/u.test(words.at(at))) return undefined
  const day = dayOfWord(words.at(at + 2), reading)
  const clock = clockTime(words.at(at + 3))
  const owner = /\s(\d{1,3}, ?\s?\d{1,3})\s+(?:"[^"]{1,12}"|[-A-Z*?]{4})\s*$/iu.exec(words.line.slice(-40))
  if (!day || !clock || !owner) return undefined
  return {
    name: words.at(0),
    kind: 'file',
    size,
    modified: timeOf(day, clock),
    owner: owner[1]?.replaceAll(/\s/gu, ''),
    family: 'guardian',
    confidence: 'sure',
  }
}
