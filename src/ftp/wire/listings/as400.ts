import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ListedTime, ReadLine } from './listed.ts'

const directories = new Set(['*DIR', '*DDIR', '*LIB', '*FLR'])

/** IBM i: `QSYS            77824 02/23/00 15:09:55 *DIR       name/`; members have no size and no date, some lines no name. */
export const as400: ReadLine = (words, reading) => {
  let type = 0
  while (type < words.count && type < 7 && words.code(type, 0) !== 42) type += 1
  const word = words.at(type)
  if (!/^\*[A-Z][A-Z0-9]{1,9}$/u.test(word) || type + 1 >= words.count) return undefined
  let size: number | undefined
  let modified: ListedTime | undefined
  for (let at = 0; at < type; at += 1) {
    const day = at > 0 ? dayOfWord(words.at(at), reading) : undefined
    const clock = day && clockTime(words.at(at + 1).replaceAll(/[,.]/gu, ':'))
    if (day) {
      modified = timeOf(day, clock)
      if (clock) at += 1
    } else if (at > 0 && size === undefined) size = words.number(at)
  }
  return {
    name: words.from(type + 1),
    kind: directories.has(word) ? 'directory' : 'file',
    size,
    modified,
    owner: type > 0 ? words.at(0) : undefined,
    family: 'as400',
    confidence: modified === undefined && word !== '*MEM' ? 'likely' : 'sure',
  }
}
