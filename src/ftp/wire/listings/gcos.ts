import { clockTime } from './clock-time.ts'
import { dateAt, dayOfWord, timeOf } from './date-at.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/**
 * Bull's GCOS, whose permissions have blanks in them. Version 8: `- rwx rwx ---   1280 05/06/98 10:12:10  owner   name`, without a
 * time too. Version 7 tells no sizes, and not always a day: `- - -----0 SEPT    OWNER    AUG 26, 1997 name`, `- m        SEPT    OWNER    AUG 25, 1997 member`.
 */
export const gcos: ReadLine = (words, reading) => {
  const type = words.length(0) === 1 ? words.at(0) : ''
  if (type !== '-' && type !== 'd') return undefined
  const kind = type === 'd' ? 'directory' : 'file'
  const inThrees = [1, 2, 3].every((at) => words.length(at) === 3 && /^[-rwxst]{3}$/u.test(words.at(at)))
  if (inThrees) return version8(words, reading, kind)
  if (!/^[-dsm]$/u.test(words.at(1))) return undefined
  if (/^[-\w]{6}$/u.test(words.at(2))) return version7(words, 4, reading, kind)
  // Members of a library have no permissions of their own.
  return words.at(1) === 'm' && dateAt(words, 4, reading) ? version7(words, 3, reading, kind) : undefined
}

function version8(words: Words, reading: Reading, kind: 'file' | 'directory'): Found | undefined {
  const size = words.number(4)
  const day = dayOfWord(words.at(5), reading)
  const clock = clockTime(words.at(6))
  const owner = clock ? 7 : 6
  if (size === undefined || !day || owner + 1 >= words.count) return undefined
  return {
    name: words.from(owner + 1),
    kind,
    size,
    modified: timeOf(day, clock),
    owner: words.at(owner),
    family: 'gcos',
    confidence: 'sure',
  }
}

function version7(
  words: Words,
  owner: number,
  reading: Reading,
  kind: 'file' | 'directory',
): Found | undefined {
  const date = dateAt(words, owner + 1, reading)
  const name = words.from(date?.next ?? owner + 1)
  if (name === '') return undefined
  return { name, kind, modified: date?.time, owner: words.at(owner), family: 'gcos', confidence: 'sure' }
}
