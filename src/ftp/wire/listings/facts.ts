import type { EntryKind } from '../../../core/store.ts'
import { parseTime } from '../time.ts'
import { remark, type ListedTime, type ReadLine } from './listed.ts'

/** A line of MLSD or MLST (RFC 3659 §7.2): facts in any order and case, of which the unknown are passed over; one space; the name. */
export const facts: ReadLine = ({ line }) => {
  const start = line.charCodeAt(0) === 32 ? 1 : 0
  const end = endOfFacts(line, start)
  if (end < 0) return undefined
  const name = line.slice(end + 1)
  const told = new Map<string, string>()
  for (const fact of line.slice(start, end).split(';')) {
    const equals = fact.indexOf('=')
    if (equals > 0) told.set(fact.slice(0, equals).toLowerCase(), fact.slice(equals + 1))
  }
  if (told.size === 0 || name === '') return undefined
  const type = told.get('type') ?? ''
  if (/^[cp]dir$/iu.test(type)) return remark
  const { kind, target } = kindOf(type)
  const mode = told.get('unix.mode') ?? told.get('unix.perm') ?? told.get('mode')
  return {
    name,
    kind,
    target,
    size: number(told.get('size') ?? (kind === 'directory' ? told.get('sizd') : undefined)),
    modified: time(told.get('modify')),
    created: time(told.get('create')),
    mode: mode !== undefined && /^0?[0-7]{1,7}$/u.test(mode) ? Number.parseInt(mode, 8) & 0o7777 : undefined,
    owner: told.get('unix.ownername') ?? told.get('unix.owner') ?? told.get('unix.uid'),
    group: told.get('unix.groupname') ?? told.get('unix.group') ?? told.get('unix.gid'),
    links: number(told.get('unix.nlink')),
    id: told.get('unique'),
    perm: told.get('perm')?.toLowerCase(),
    family: 'facts',
    confidence: type === '' ? 'likely' : 'sure',
  }
}

/** Where the space is that ends the facts; a value may hold spaces, its end is a semicolon. -1: there are no facts. */
function endOfFacts(line: string, start: number): number {
  const end = line.indexOf('; ', start)
  if (end >= 0 && /^[\w.-]{1,64}=/u.test(line.slice(start, start + 66))) return end + 1
  // Some servers leave the last semicolon out.
  const space = line.indexOf(' ', start)
  return space > 0 && /^(?:[\w.-]{1,64}=[^;]*;)*[\w.-]{1,64}=[^;]*$/u.test(line.slice(start, space))
    ? space
    : -1
}

function kindOf(type: string): { readonly kind: EntryKind; readonly target: string | undefined } {
  const lower = type.toLowerCase()
  if (lower === '' || lower === 'file') return { kind: 'file', target: undefined }
  if (lower === 'dir') return { kind: 'directory', target: undefined }
  const link = /^os\.unix=s(?:ym)?link:?(.*)$/isu.exec(type)
  if (link) return { kind: 'link', target: link[1] === '' ? undefined : link[1] }
  return { kind: /^(?:os\.unix=)?(?:s(?:ym)?)?link$/u.test(lower) ? 'link' : 'other', target: undefined }
}

function time(text: string | undefined): ListedTime | undefined {
  // A common bug of servers wrote the years since 1900 behind 19: 19100 for 2000.
  const late = text === undefined ? null : /^19(1\d\d)(\d{10}.*)$/u.exec(text)
  const mended = late ? `${1900 + Number(late[1])}${late[2]}` : (text ?? '')
  const date = parseTime(mended.padEnd(14, mended.length === 12 ? '0' : ''))
  if (!date) return undefined
  const precision = mended.includes('.') ? 'millisecond' : mended.length === 12 ? 'minute' : 'second'
  return { date, precision, zone: 'utc' }
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/u.test(text) ? Number(text) : undefined
}
