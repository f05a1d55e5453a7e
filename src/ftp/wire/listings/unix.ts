import { columns, type Columns } from './columns.ts'
import type { Found, ReadLine } from './listed.ts'
import { modeWord, type ModeFound } from './mode-word.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** `ls -l` in all its forms: it begins with the permissions, or with an inode and a number of blocks before them. */
export const unix: ReadLine = (words, reading) => {
  const at = modeIndex(words)
  const mode = at < 0 ? undefined : modeWord(words, at)
  // NetWare's printing service has its last letter apart: `-rw------ -`.
  const split = words.length(at) === 9 && words.length(at + 1) === 1 && /^[-xtT]$/u.test(words.at(at + 1))
  if (!mode) return undefined
  // Plan 9 tells the kind of the device and its number, where others have the number of links.
  const device = words.length(at) === 11 && /^[A-Za-z|]$/u.test(words.at(at + 1))
  return unseen(words, at, mode) ?? withMode(words, split || device ? at + 2 : at + 1, mode, reading)
}

/** `-????????? ? ? ? ? ? name`: GNU's `ls` may not look at it. */
function unseen(words: Words, at: number, mode: ModeFound): Found | undefined {
  const name =
    at === 0 && words.code(0, 1) === 63 ? /^\S\?{9}(?:\s+\?){5} (.+)$/u.exec(words.line)?.[1] : undefined
  return name === undefined ? undefined : { name, kind: mode.kind, family: 'unix', confidence: 'likely' }
}

/** The permissions as the number that the system keeps: `0100644   500  101   12345    123456789       name`. */
export const unixNumeric: ReadLine = (words) => {
  const mode = /^0?[0-7]{5,6}$/u.test(words.at(0)) ? Number.parseInt(words.at(0), 8) : 0
  const kind = typesOfBits[mode >> 12]
  const [size, seconds] = [words.number(3), words.number(4)]
  if (kind === undefined || size === undefined || seconds === undefined || words.count < 6) return undefined
  return {
    name: words.behind(4).trimStart(),
    kind,
    size,
    mode: mode & 0o7777,
    owner: words.at(1),
    group: words.at(2),
    modified: { ms: seconds * 1000, precision: 'second', zone: 'utc' },
    family: 'unix-numeric',
    confidence: 'sure',
  }
}

const typesOfBits: Readonly<Record<number, 'file' | 'directory' | 'link' | 'other'>> = {
  0o10: 'file',
  0o4: 'directory',
  0o12: 'link',
  0o1: 'other',
  0o2: 'other',
  0o6: 'other',
  0o14: 'other',
}

function modeIndex(words: Words): number {
  for (let at = 0; at < 3 && at < words.count; at += 1) {
    const code = words.code(at, 0)
    if (code < 48 || code > 57) return at
  }
  return -1
}

function withMode(words: Words, first: number, mode: ModeFound, reading: Reading): Found | undefined {
  const found = columns(words, first, reading)
  // A name of blanks alone is a line that lost its end.
  if (!found || found.name.trim() === '') return undefined
  const { name, target } = linked(found.name, mode.kind)
  if (name === '') return undefined
  const people = isMacintosh(found) ? nobody : found
  return {
    name,
    target,
    kind: mode.kind,
    size: mode.device || (mode.kind === 'directory' && found.size === undefined) ? 0 : found.size,
    rounded: found.rounded,
    modified: found.modified,
    mode: mode.mode,
    owner: people.owner,
    group: people.group,
    links: mode.links ?? people.links,
    family: 'unix',
    confidence: found.confidence,
  }
}

const nobody = { owner: undefined, group: undefined, links: undefined }

/** Servers of the old Macintosh have no owners: they tell the resource fork, the data fork and their sum, or `folder`. */
function isMacintosh({ links, owner, group, size }: Columns): boolean {
  if (group !== undefined || owner === undefined) return false
  return links === undefined
    ? owner === 'folder'
    : links + Number(owner) === size && (size > 0 || links === 0)
}

const arrow = ' -> '

/** A link's name and where it leads; a name may hold an arrow itself, and then nothing tells which one divides. */
export function linked(
  text: string,
  kind: string,
): { readonly name: string; readonly target: string | undefined } {
  const at = kind === 'link' ? text.indexOf(arrow) : -1
  if (at < 0) return { name: text, target: undefined }
  return { name: text.slice(0, at), target: text.slice(at + arrow.length) }
}
