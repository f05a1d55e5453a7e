import { mendedYear, msAt, parseMs } from '../time.ts'
import { listedEntry, type FilledEntry } from './listed-entry.ts'
import { listedTime } from './listed-time.ts'
import { remark, type ListedTime } from './listed.ts'

/** A line of MLSD or MLST (RFC 3659 §7.2): facts in any order and case, of which the unknown are passed over; one space; the name. */
export function facts(line: string): FilledEntry | typeof remark | undefined {
  const equals = line.indexOf('=')
  if (equals < 0) return undefined
  // MLST has one blank before its facts, and some servers indent them.
  let start = 0
  while (line.charCodeAt(start) === 32) start += 1
  const space = line.indexOf(' ', start)
  // A space before it: that is in a name.
  if (space >= 0 && space < equals) return undefined
  const end = endOfFacts(line, start, space)
  if (end < 0) return undefined
  const name = line.slice(end + 1)
  if (name === '') return undefined
  told.any = false
  told.type = ''
  told.directorySize = undefined
  const entry = listedEntry(line, name, 'file', undefined, undefined, 'facts')
  fill(entry, line, start, end)
  const { type } = told
  if (!told.any || isOther(type)) return told.any ? remark : undefined
  if (type === '') entry.confidence = 'likely'
  else if (type !== 'file') setKind(entry, type)
  if (entry.kind === 'directory') entry.size ??= told.directorySize
  entry.rounded = entry.size !== undefined && entry.size > Number.MAX_SAFE_INTEGER
  return entry
}

/** Of the directory itself, and of the one above it. */
function isOther(type: string): boolean {
  return type.length === 4 && type !== 'file' && /^[cp]dir$/iu.test(type)
}

/** What the facts of a line say beside what an entry holds; one object serves all lines, as there may be a million of them. */
const told: { any: boolean; type: string; directorySize: number | undefined } = {
  any: false,
  type: '',
  directorySize: undefined,
}

function fill(entry: FilledEntry, line: string, start: number, end: number): void {
  let count = 0
  for (let at = start; at < end;) {
    const mark = line.indexOf(';', at)
    const next = mark < 0 || mark > end ? end : mark
    const equals = line.indexOf('=', at)
    if (equals < 0) break
    if (equals > at && equals < next) {
      told.any = true
      take(entry, factAt(line, at, equals, count), line, equals + 1, next)
      count += 1
    }
    at = next + 1
  }
}

/** A fact as it was written in the line before, which it is, and its value there, if such values repeat. */
interface Before {
  readonly written: string
  readonly fact: string
  value: string
}

/** The facts of the line before: the lines of a server have the same ones in the same order. */
const before: Before[] = []
const mostKept = 32

function factAt(line: string, at: number, equals: number, index: number): Before {
  const known = before[index]
  if (known !== undefined && known.written.length === equals - at && line.startsWith(known.written, at))
    return known
  const written = line.slice(at, equals)
  const told = { written, fact: written.toLowerCase(), value: '' }
  if (index < mostKept) before[index] = told
  return told
}

/** One fact, whose value stands from one place to another; names win over numbers, whichever comes first. */
function take(entry: FilledEntry, known: Before, line: string, from: number, to: number): void {
  const { fact } = known
  switch (fact) {
    case 'type':
      told.type = valueOf(known, line, from, to)
      return
    case 'size':
      entry.size = number(line, from, to)
      return
    case 'sizd':
      told.directorySize = number(line, from, to)
      return
    case 'modify':
      entry.modified = time(line, from, to)
      return
    case 'create':
      entry.created = time(line, from, to)
      return
    case 'unix.mode':
    case 'unix.perm':
    case 'mode':
      entry.mode = octal(line, from, to) ?? entry.mode
      return
    case 'unix.ownername':
    case 'unix.owner':
    case 'unix.uid':
      if (fact === 'unix.ownername' || entry.owner === undefined) entry.owner = valueOf(known, line, from, to)
      return
    case 'unix.groupname':
    case 'unix.group':
    case 'unix.gid':
      if (fact === 'unix.groupname' || entry.group === undefined) entry.group = valueOf(known, line, from, to)
      return
    case 'unix.nlink':
      entry.links = number(line, from, to)
      return
    case 'unique':
      entry.id = line.slice(from, to)
      return
    case 'perm':
      entry.perm = valueOf(known, line, from, to).toLowerCase()
  }
}

/** The same string as in the line before where it is the same value. */
function valueOf(known: Before, line: string, from: number, to: number): string {
  const { value } = known
  if (value.length === to - from && line.startsWith(value, from)) return value
  return (known.value = line.slice(from, to))
}

/** Where the blank is that ends the facts, or a tab; a value may hold blanks, its end is a semicolon. -1: there are no facts. */
function endOfFacts(line: string, start: number, space: number): number {
  let end = line.indexOf(';', start)
  while (end >= 0 && line.charCodeAt(end + 1) !== 32 && line.charCodeAt(end + 1) !== 9)
    end = line.indexOf(';', end + 1)
  if (end >= 0 && beginsWithFact(line, start)) return end + 1
  // Some servers leave the last semicolon out.
  return space > 0 && /^(?:[\w.-]{1,64}=[^;]*;)*[\w.-]{1,64}=[^;]+$/u.test(line.slice(start, space))
    ? space
    : -1
}

/** Letters, digits, `_`, `.`, `-`, and then `=`. */
function beginsWithFact(line: string, start: number): boolean {
  for (let at = start; at <= start + 64; at += 1) {
    const code = line.charCodeAt(at)
    if (code === 61) return at > start
    const letter = code | 32
    const isWord = (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95
    if (!isWord && code !== 45 && code !== 46) return false
  }
  return false
}

function setKind(entry: FilledEntry, type: string): void {
  const lower = type.toLowerCase()
  if (lower === 'file') return
  if (lower === 'dir') {
    entry.kind = 'directory'
    return
  }
  const link = /^os\.unix=s(?:ym)?link:?(.*)$/isu.exec(type)
  entry.kind = link !== null || /^(?:os\.unix=)?(?:s(?:ym)?)?link$/u.test(lower) ? 'link' : 'other'
  if (link !== null && link[1] !== '') entry.target = link[1]
}

function time(line: string, from: number, to: number): ListedTime | undefined {
  if (to - from === 14) {
    const ms = msAt(line, from)
    return ms === undefined ? undefined : listedTime(ms, 'second', 'utc')
  }
  const mended = mendedYear(line.slice(from, to))
  const minutes = mended.length === 12
  const ms = parseMs(minutes ? `${mended}00` : mended)
  if (ms === undefined) return undefined
  return listedTime(ms, mended.includes('.') ? 'millisecond' : minutes ? 'minute' : 'second', 'utc')
}

function number(line: string, from: number, to: number): number | undefined {
  if (to === from || to - from > 20) return undefined
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = line.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}

/** The bits of up to seven octal digits, and one more if that is nothing. */
function octal(line: string, from: number, to: number): number | undefined {
  const length = to - from
  if (length < 1 || length > 8 || (length === 8 && line.charCodeAt(from) !== 48)) return undefined
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = line.charCodeAt(at) - 48
    if (digit < 0 || digit > 7) return undefined
    value = value * 8 + digit
  }
  return value & 0o7777
}
