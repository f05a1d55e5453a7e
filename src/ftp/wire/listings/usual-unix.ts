import { minuteAt } from './clock-time.ts'
import { isBlank, LineWalk, pastBlanks } from './line-walk.ts'
import { listedEntry, type FilledEntry } from './listed-entry.ts'
import type { ListedTime } from './listed.ts'
import { timeAt } from './date-at.ts'
import type { Reading } from './reading.ts'
import { linked } from './unix.ts'
import { isDay } from './year.ts'

/** What stands before the size, which many lines of a directory share. */
interface Columns {
  readonly text: string
  readonly kind: 'file' | 'directory' | 'link'
  readonly mode: number
  readonly links: number
  readonly owner: string
  readonly group: string
}

const walk = new LineWalk()

/**
 * Reads lines as nearly all servers write them, `-rw-r--r--  1 anna  staff  531 Jan 29 03:26 name` or with a year, in one walk, as there
 * may be a million of them. They are read as `unix` reads them, and undefined is what that has to look at.
 */
export class UsualUnix {
  readonly #reading: Reading
  #before: Columns | undefined

  constructor(reading: Reading) {
    this.#reading = reading
  }

  read(line: string): FilledEntry | undefined {
    const before = this.#before
    const columns = before !== undefined && line.startsWith(before.text) ? before : columnsOf(line)
    if (columns === undefined) return undefined
    this.#before = columns
    walk.take(line, pastBlanks(line, columns.text.length))
    const size = walk.number()
    const modified = size < 0 ? undefined : dateIn(walk, this.#reading)
    if (modified === undefined) return undefined
    const { kind } = columns
    const text = line.slice(walk.at)
    const { name, target } = kind === 'link' ? linked(text, kind) : { name: text, target: undefined }
    if (name === '') return undefined
    const entry = listedEntry(line, name, kind, size, modified, 'unix')
    entry.mode = columns.mode
    entry.owner = columns.owner
    entry.group = columns.group
    entry.links = columns.links
    entry.target = target
    return entry
  }
}

/** The columns before the size; undefined if they are others. */
function columnsOf(line: string): Columns | undefined {
  const mode = modeOf(line)
  if (mode < 0) return undefined
  walk.take(line, pastBlanks(line, 11))
  const links = walk.number()
  if (links < 0) return undefined
  const owner = walk.word()
  const group = walk.word()
  if (isNumber(owner) && !isNumber(group)) return undefined
  const first = line.charCodeAt(0)
  const kind = first === dash ? 'file' : first === letterD ? 'directory' : 'link'
  // With the one blank behind the group, so that no longer one begins in the same way.
  return { text: line.slice(0, walk.end + 1), kind, mode, links, owner, group }
}

const dash = 45
const letterD = 100
const letterL = 108
const letterR = 114
const letterW = 119
const letterX = 120
const rare = 0o10000

/** The bits of `-rw-r--r--`, with a mark behind it or none; -1: they are another word, or rarer letters. */
function modeOf(line: string): number {
  const first = line.charCodeAt(0)
  if (first !== dash && first !== letterD && first !== letterL) return -1
  const mode = (three(line, 1) << 6) | (three(line, 4) << 3) | three(line, 7)
  if (mode >= rare) return -1
  const mark = line.charCodeAt(10)
  if (isBlank(mark)) return mode
  return '+.@'.includes(line.charAt(10)) && isBlank(line.charCodeAt(11)) ? mode : -1
}

/** The bits of `rwx`. */
function three(line: string, at: number): number {
  return (
    bit(line.charCodeAt(at), letterR, 4) |
    bit(line.charCodeAt(at + 1), letterW, 2) |
    bit(line.charCodeAt(at + 2), letterX, 1)
  )
}

function bit(code: number, letter: number, value: number): number {
  if (code === letter) return value
  return code === dash ? 0 : rare
}

function isNumber(word: string): boolean {
  if (word.length > 20) return false
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}

const months = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(
    (name, index) => [keyOf(name, 0), index + 1] as const,
  ),
)

function keyOf(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2)
}

/** `Jan 29 03:26`, `Jan 29  2025`; goes on to the name. */
function dateIn(walk: LineWalk, reading: Reading): ListedTime | undefined {
  const { line, at } = walk
  const month = isBlank(line.charCodeAt(at + 3)) ? months.get(keyOf(line, at)) : undefined
  if (month === undefined) return undefined
  const dayAt = pastBlanks(line, at + 4)
  if (!isBlank(line.charCodeAt(dayAt + 1)) && !isBlank(line.charCodeAt(dayAt + 2))) return undefined
  walk.at = dayAt
  const day = walk.number()
  const last = walk.at
  const clock = isBlank(line.charCodeAt(last + 5)) ? minuteAt(line, last, last + 5) : undefined
  walk.at = last + (clock === undefined ? 5 : 6)
  const name = pastBlanks(line, walk.at)
  if (name >= line.length) return undefined
  if (clock !== undefined) {
    if (isHalfAt(line, name)) return undefined
    const year = reading.yearOf(month, day, clock.ms)
    if (!isDay(year, month, day)) return undefined
    reading.learnClock()
    reading.learnYear()
    return timeAt(year, month, day, clock)
  }
  const year = yearAt(line, last)
  if (year < 0 || isClockAt(line, name) || !isDay(year, month, day)) return undefined
  reading.learnYear()
  return timeAt(year, month, day, undefined)
}

function yearAt(line: string, at: number): number {
  let year = 0
  for (let place = at; place < at + 4; place += 1) {
    const digit = line.charCodeAt(place) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    year = year * 10 + digit
  }
  return isBlank(line.charCodeAt(at + 4)) && year >= 1600 && year < 3000 ? year : -1
}

/** Whether what stands behind a time may be AM or PM. */
function isHalfAt(line: string, at: number): boolean {
  const first = line.charCodeAt(at) | 32
  if (first !== 97 && first !== 112) return false
  return (
    isBlank(line.charCodeAt(at + 2)) || isBlank(line.charCodeAt(at + 3)) || isBlank(line.charCodeAt(at + 4))
  )
}

/** Whether what stands behind a year may be a time, and no name. */
function isClockAt(line: string, at: number): boolean {
  const first = line.charCodeAt(at)
  if (first > 127) return true
  if (first < 48 || first > 57) return false
  return ':.hH'.includes(line.charAt(at + 1)) || ':.hH'.includes(line.charAt(at + 2))
}
