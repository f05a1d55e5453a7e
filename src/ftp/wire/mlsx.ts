import type { Entry, EntryKind } from '../../core/store.ts'
import { oneLine } from './reply.ts'
import { formatTime } from './time.ts'

/** The facts that MLST and MLSD can tell (RFC 3659 §7.5), in the order in which they are told. */
export const allFacts = [
  'Type',
  'Size',
  'Modify',
  'Create',
  'Perm',
  'Unique',
  'UNIX.mode',
  'UNIX.owner',
  'UNIX.group',
] as const

export type Fact = (typeof allFacts)[number]

/** What an entry does not know of itself: how it is named here, what may be done with it, and its part in a listing. */
interface AboutEntry {
  readonly type?: 'cdir' | 'pdir'
  readonly perm: string
  readonly name: string
}

/** One line of MLSD, or of MLST behind its leading space: the facts, one space, the name. */
export function formatFacts(entry: Entry, chosen: ReadonlySet<Fact>, about: AboutEntry): string {
  let text = ''
  for (const fact of allFacts) {
    const value = chosen.has(fact) ? values[fact](entry, about) : undefined
    if (value !== undefined) text += `${fact}=${value};`
  }
  return `${text} ${oneLine(about.name)}`
}

/** Reads the argument of OPTS MLST, such as `type;size;`: what is unknown is left out (RFC 3659 §7.9). */
export function parseFacts(argument: string): ReadonlySet<Fact> {
  const wanted = new Set(argument.trim().toLowerCase().split(';'))
  return new Set(allFacts.filter((fact) => wanted.has(fact.toLowerCase())))
}

/** The line of FEAT: all facts, a star behind the chosen ones (RFC 3659 §7.8). */
export function formatFeature(chosen: ReadonlySet<Fact>): string {
  return `MLST ${allFacts.map((fact) => `${fact}${chosen.has(fact) ? '*' : ''};`).join('')}`
}

/** How each fact is told; undefined where it is not known, and so left out. */
const values: Readonly<Record<Fact, (entry: Entry, about: AboutEntry) => string | undefined>> = {
  Type: (entry, about) => about.type ?? types[entry.kind] ?? linkType(entry.target),
  Size: (entry) => (entry.kind === 'file' ? String(entry.size) : undefined),
  Modify: (entry) => formatTime(entry.modified),
  Create: (entry) => entry.created && formatTime(entry.created),
  Perm: (_, about) => about.perm,
  Unique: (entry) => plain(entry.id),
  'UNIX.mode': (entry) =>
    entry.mode === undefined ? undefined : (entry.mode & 0o7777).toString(8).padStart(4, '0'),
  'UNIX.owner': (entry) => plain(entry.owner),
  'UNIX.group': (entry) => plain(entry.group),
}

const types: Readonly<Record<EntryKind, string | undefined>> = {
  file: 'file',
  directory: 'dir',
  link: undefined,
  other: 'OS.unix=other',
}

/** As in the example of RFC 3659 §7.7.4, and as lftp and FileZilla read it. A target that would end the fact is not told. */
function linkType(target: string | undefined): string {
  return `OS.unix=slink:${plain(target) ?? ''}`
}

/** A value that cannot end its fact or its line; undefined where there is none such. */
function plain(value: string | undefined): string | undefined {
  return value === undefined || /[;\r\n\0]/.test(value) ? undefined : value
}
