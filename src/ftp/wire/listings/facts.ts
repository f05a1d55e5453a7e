import type { EntryKind } from '../../../core/store.ts'
import { mendedYear, parseMs } from '../time.ts'
import { remark, type Confidence, type Found, type ListedTime } from './listed.ts'

/** A line of MLSD or MLST (RFC 3659 §7.2): facts in any order and case, of which the unknown are passed over; one space; the name. */
export function facts(line: string): Found | typeof remark | undefined {
  const equals = line.indexOf('=')
  // MLST has one blank before its facts, and some servers indent them.
  let start = 0
  while (line.charCodeAt(start) === 32) start += 1
  // A space before it: that is in a name.
  if (equals < 0 || line.lastIndexOf(' ', equals) >= start) return undefined
  const end = endOfFacts(line, start)
  if (end < 0) return undefined
  const name = line.slice(end + 1)
  if (name === '') return undefined
  const told = toldBy(line, start, end)
  if (!told.any || isOther(told.type)) return told.any ? remark : undefined
  const { kind, target } = kindOf(told.type)
  told.name = name
  told.kind = kind
  told.target = target
  if (kind === 'directory') told.size ??= told.directorySize
  if (told.type === '') told.confidence = 'likely'
  return told
}

/** Of the directory itself, and of the one above it. */
function isOther(type: string): boolean {
  return type.length === 4 && type !== 'file' && /^[cp]dir$/iu.test(type)
}

/** What the facts of a line say: an entry that is filled as they come, as there may be a million of them. */
interface Told extends Found {
  any: boolean
  type: string
  directorySize: number | undefined
  name: string
  kind: EntryKind
  target: string | undefined
  size: number | undefined
  modified: ListedTime | undefined
  created: ListedTime | undefined
  mode: number | undefined
  owner: string | undefined
  group: string | undefined
  links: number | undefined
  id: string | undefined
  perm: string | undefined
  confidence: Confidence
}

function toldBy(line: string, start: number, end: number): Told {
  const told: Told = {
    any: false,
    type: '',
    directorySize: undefined,
    name: '',
    kind: 'file',
    target: undefined,
    size: undefined,
    modified: undefined,
    created: undefined,
    mode: undefined,
    owner: undefined,
    group: undefined,
    links: undefined,
    id: undefined,
    perm: undefined,
    family: 'facts',
    confidence: 'sure',
  }
  let count = 0
  for (let at = start; at < end;) {
    const semicolon = line.indexOf(';', at)
    const next = semicolon < 0 || semicolon > end ? end : semicolon
    const equals = line.indexOf('=', at)
    if (equals < 0) break
    if (equals > at && equals < next) {
      told.any = true
      take(told, factAt(line, at, equals, count), line.slice(equals + 1, next))
      count += 1
    }
    at = next + 1
  }
  return told
}

/** Facts as they were written in the line before, and what they are: the lines of a server have the same ones in the same order. */
const before: { readonly written: string; readonly fact: string }[] = []
const mostKept = 32

function factAt(line: string, at: number, equals: number, index: number): string {
  const known = before[index]
  if (known !== undefined && known.written.length === equals - at && line.startsWith(known.written, at))
    return known.fact
  const written = line.slice(at, equals)
  const fact = written.toLowerCase()
  if (index < mostKept) before[index] = { written, fact }
  return fact
}

/** One fact; names win over numbers, whichever comes first. */
function take(told: Told, fact: string, value: string): void {
  switch (fact) {
    case 'type':
      told.type = value
      return
    case 'size':
      told.size = number(value)
      return
    case 'sizd':
      told.directorySize = number(value)
      return
    case 'modify':
      told.modified = time(value)
      return
    case 'create':
      told.created = time(value)
      return
    case 'unix.mode':
    case 'unix.perm':
    case 'mode':
      if (/^0?[0-7]{1,7}$/u.test(value)) told.mode = Number.parseInt(value, 8) & 0o7777
      return
    case 'unix.ownername':
    case 'unix.owner':
    case 'unix.uid':
      if (fact === 'unix.ownername' || told.owner === undefined) told.owner = value
      return
    case 'unix.groupname':
    case 'unix.group':
    case 'unix.gid':
      if (fact === 'unix.groupname' || told.group === undefined) told.group = value
      return
    case 'unix.nlink':
      told.links = number(value)
      return
    case 'unique':
      told.id = value
      return
    case 'perm':
      told.perm = value.toLowerCase()
  }
}

/** Where the space is that ends the facts, or a tab; a value may hold spaces, its end is a semicolon. -1: there are no facts. */
function endOfFacts(line: string, start: number): number {
  const spaced = line.indexOf('; ', start)
  const tabbed = line.indexOf(';\t', start)
  const end = tabbed >= 0 && (spaced < 0 || tabbed < spaced) ? tabbed : spaced
  if (end >= 0 && beginsWithFact(line, start)) return end + 1
  // Some servers leave the last semicolon out.
  const space = line.indexOf(' ', start)
  return space > 0 && /^(?:[\w.-]{1,64}=[^;]*;)*[\w.-]{1,64}=[^;]+$/u.test(line.slice(start, space))
    ? space
    : -1
}

const plainFile = { kind: 'file', target: undefined } as const

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

function kindOf(type: string): { readonly kind: EntryKind; readonly target: string | undefined } {
  if (type === 'file') return plainFile
  const lower = type.toLowerCase()
  if (lower === '' || lower === 'file') return { kind: 'file', target: undefined }
  if (lower === 'dir') return { kind: 'directory', target: undefined }
  const link = /^os\.unix=s(?:ym)?link:?(.*)$/isu.exec(type)
  if (link) return { kind: 'link', target: link[1] === '' ? undefined : link[1] }
  return { kind: /^(?:os\.unix=)?(?:s(?:ym)?)?link$/u.test(lower) ? 'link' : 'other', target: undefined }
}

function time(text: string): ListedTime | undefined {
  if (text.length === 14) {
    const ms = parseMs(text)
    return ms === undefined ? undefined : { ms, precision: 'second', zone: 'utc' }
  }
  const mended = mendedYear(text)
  const minutes = mended.length === 12
  const ms = parseMs(minutes ? `${mended}00` : mended)
  if (ms === undefined) return undefined
  const precision = mended.includes('.') ? 'millisecond' : minutes ? 'minute' : 'second'
  return { ms, precision, zone: 'utc' }
}

function number(text: string): number | undefined {
  if (text.length === 0 || text.length > 20) return undefined
  let value = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}
