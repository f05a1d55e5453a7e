import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'

/**
 * MUSIC/SP: name, length and form of its records, kilobytes, the days of the last reading and writing, by whom, attributes, records:
 * `REPORT   47VC    2K 15MAR01 24SEP96 14:31 $PUB000            5`; a directory ends in a backslash, and is of the form DIR.
 */
export const music: ReadLine = (words, reading) => {
  const found = form.exec(words.line.slice(0, 300))
  if (!found) return undefined
  const [, name = '', backslash, records, kilobytes, date = '', month = '', year = '', time = '', owner] =
    found
  const day = dayOfWord(`${date}-${month}-${year}`, reading)
  const clock = clockTime(time)
  if (!day || !clock) return undefined
  const isDirectory = backslash !== '' || records === 'DIR'
  return {
    name,
    kind: isDirectory ? 'directory' : 'file',
    size: isDirectory ? undefined : Number(kilobytes) * 1024,
    rounded: !isDirectory,
    modified: timeOf(day, clock),
    owner,
    family: 'other',
    confidence: 'likely',
  }
}

const form =
  /^\s*(\S+?)(\\?)\s+\d{0,6}([A-Z]{1,3})\s+(\d{1,9})K\s+(?:\d\d[A-Z]{3}\d\d\s+)?(\d\d)([A-Z]{3})(\d\d)\s+(\d\d:\d\d)\s+(\S+)/u
