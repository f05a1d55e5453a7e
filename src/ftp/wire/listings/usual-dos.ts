import { minuteAt, twoDigits } from './clock-time.ts'
import { timeAt } from './date-at.ts'
import { isBlank, LineWalk, pastBlanks } from './line-walk.ts'
import { listedEntry, type FilledEntry } from './listed-entry.ts'
import type { Reading } from './reading.ts'

const walk = new LineWalk()

/**
 * A line as IIS writes it, `04-14-00  12:47AM  589 name` or with `<DIR>`, read in one walk. It is read as `dos` reads it, and undefined
 * is what that has to look at.
 */
export function usualDos(line: string, reading: Reading): FilledEntry | undefined {
  const first = twoDigits(line, 0)
  const second = twoDigits(line, 3)
  const last = twoDigits(line, 6)
  const separator = line.charAt(2)
  if (first < 0 || second < 0 || last < 0 || line.charAt(5) !== separator || !'-/.'.includes(separator))
    return undefined
  const end = isBlank(line.charCodeAt(8)) ? 8 : 10
  const third = end === 8 ? last : fourDigits(line, 6)
  if (third < 0 || !isBlank(line.charCodeAt(end))) return undefined
  const clockAt = pastBlanks(line, end)
  const clockEnd = clockAt + (isBlank(line.charCodeAt(clockAt + 5)) ? 5 : 7)
  const clock = isBlank(line.charCodeAt(clockEnd)) ? minuteAt(line, clockAt, clockEnd) : undefined
  if (clock === undefined) return undefined
  walk.take(line, pastBlanks(line, clockEnd))
  const isDirectory = line.startsWith('<DIR>', walk.at) && isBlank(line.charCodeAt(walk.at + 5))
  if (isDirectory) walk.at = pastBlanks(line, walk.at + 5)
  const size = isDirectory ? undefined : walk.number()
  if (size === -1 || walk.at >= line.length) return undefined
  const day = reading.dayOf(first, second, third, separator)
  if (day === undefined) return undefined
  const name = line.slice(isDirectory ? walk.at : walk.end + 1)
  const modified = timeAt(day.year, day.month, day.day, clock)
  return listedEntry(line, name, isDirectory ? 'directory' : 'file', size, modified, 'dos')
}

/** The number that four digits are; -1 where they are none. */
function fourDigits(line: string, at: number): number {
  const [high, low] = [twoDigits(line, at), twoDigits(line, at + 2)]
  return high < 0 || low < 0 ? -1 : high * 100 + low
}
