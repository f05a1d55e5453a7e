import type { Row } from '../../core/rows.ts'
import type { EntryKind } from '../../core/store.ts'
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

/** One line of MLSD, or of MLST behind its leading space: the facts, one space, the name. What is not known is left out. */
export function formatFacts(row: Row, chosen: ReadonlySet<Fact>, about: AboutEntry): string {
  let text = ''
  if (chosen.has('Type')) text += `Type=${about.type ?? types[row.kind] ?? linkType(row.target)};`
  if (chosen.has('Size') && row.kind === 'file') text += `Size=${row.size};`
  if (chosen.has('Modify')) text += `Modify=${formatTime(row.modified)};`
  if (chosen.has('Create') && row.created !== undefined) text += `Create=${formatTime(row.created)};`
  if (chosen.has('Perm')) text += `Perm=${about.perm};`
  if (chosen.has('Unique')) text += told('Unique', row.id)
  return `${text}${unixFacts(row, chosen)} ${oneLine(about.name)}`
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

/** What was told last of whom a file belongs to: files of one directory mostly have it in common. */
let last: Partial<Row> = {}
let lastChosen: ReadonlySet<Fact> | undefined
let lastUnixFacts = ''

function unixFacts(row: Row, chosen: ReadonlySet<Fact>): string {
  const { mode, owner, group } = row
  if (lastChosen === chosen && last.mode === mode && last.owner === owner && last.group === group)
    return lastUnixFacts
  last = { mode, owner, group }
  lastChosen = chosen
  lastUnixFacts = ''
  if (chosen.has('UNIX.mode') && mode !== undefined)
    lastUnixFacts += `UNIX.mode=${(mode & 0o7777).toString(8).padStart(4, '0')};`
  if (chosen.has('UNIX.owner')) lastUnixFacts += told('UNIX.owner', owner)
  if (chosen.has('UNIX.group')) lastUnixFacts += told('UNIX.group', group)
  return lastUnixFacts
}

function told(fact: Fact, value: string | undefined): string {
  const text = plain(value)
  return text === undefined ? '' : `${fact}=${text};`
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
