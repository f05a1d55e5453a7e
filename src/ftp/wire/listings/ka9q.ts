import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** KA9Q's NOS, two files a line: `config.sys   125 17:24 11/08/93   drivers/   18:30  8/30/92`. */
export const ka9q: ReadLine = (words, reading) => {
  if (words.count < 3 || words.count > 8) return undefined
  const found: Found[] = []
  for (let at = 0; at < words.count;) {
    const isDirectory = words.at(at).endsWith('/')
    const entry = fileAt(words, at, isDirectory, reading)
    if (!entry) return undefined
    found.push(entry)
    at += isDirectory ? 3 : 4
  }
  return found
}

function fileAt(words: Words, at: number, isDirectory: boolean, reading: Reading): Found | undefined {
  const clockAt = isDirectory ? at + 1 : at + 2
  const clock = /^\d{1,2}:\d\d$/u.test(words.at(clockAt)) ? clockTime(words.at(clockAt)) : undefined
  const date = words.at(clockAt + 1)
  const day = clock && /^\d{1,2}\/\d{1,2}\/\d{2,4}$/u.test(date) ? dayOfWord(date, reading) : undefined
  const size = words.at(at + 1)
  if (!day || (!isDirectory && !/^\d[\d,]*$/u.test(size))) return undefined
  return {
    name: isDirectory ? words.at(at).slice(0, -1) : words.at(at),
    kind: isDirectory ? 'directory' : 'file',
    size: isDirectory ? undefined : Number(size.replaceAll(',', '')),
    modified: timeOf(day, clock),
    family: 'other',
    confidence: 'likely',
  }
}
