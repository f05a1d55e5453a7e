import type { EntryKind } from '../../../core/store.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** Who writes lines in this way. */
export type Family =
  | 'facts'
  | 'unix'
  | 'unix-numeric'
  | 'dos'
  | 'eplf'
  | 'vms'
  | 'mvs'
  | 'mvs-member'
  | 'mvs-load-module'
  | 'jes'
  | 'cms'
  | 'os2'
  | 'os9'
  | 'netware'
  | 'as400'
  | 'vxworks'
  | 'guardian'
  | 'nortel'
  | 'stratus'
  | 'vshell'
  | 'dls'
  | 'gcos'
  | 'vse'
  | 'other'

/** How sure the reading is: `sure` by the form alone, `likely` with a column missing or odd, `guess` by what is left. */
export type Confidence = 'sure' | 'likely' | 'guess'

/** A time as a listing tells it. */
export interface ListedTime {
  /** What was written, in milliseconds since 1970, taken for UTC where the zone is `server`: add the server's offset to it. */
  readonly ms: number
  /** The smallest part that was written. */
  readonly precision: 'millisecond' | 'second' | 'minute' | 'day'
  /** Whether the text said its zone (or must be in UTC), or the server's own time of day was written. */
  readonly zone: 'utc' | 'server'
}

/** One file of a listing. */
export interface ListedEntry {
  readonly name: string
  readonly kind: EntryKind
  readonly size: number | undefined
  /** The size was written in blocks, records or rounded units: it proves nothing about a transfer. */
  readonly rounded: boolean
  readonly modified: ListedTime | undefined
  readonly created: ListedTime | undefined
  readonly mode: number | undefined
  readonly owner: string | undefined
  readonly group: string | undefined
  readonly links: number | undefined
  readonly target: string | undefined
  /** RFC 3659 `unique`, EPLF's `i`. */
  readonly id: string | undefined
  /** RFC 3659 `perm`: what may be done with it. */
  readonly perm: string | undefined
  /** The version of a VMS file. */
  readonly version: number | undefined
  /** Whose entry it is in a listing of several directories. */
  readonly folder: string | undefined
  readonly family: Family
  readonly confidence: Confidence
  /** The line, or lines, as they came. */
  readonly line: string
}

/** What a family's reader found; all else stays unknown. */
export type Found = Partial<Omit<ListedEntry, 'line' | 'folder'>> &
  Pick<ListedEntry, 'name' | 'kind' | 'family'>

/** A line that is no file: a heading, a sum, an empty one. */
export const remark = 'remark'

/** What a line says: a file, as a rule; several of those who write more than one a line. */
export type Said = Found | readonly Found[] | typeof remark

/** Reads one line, or is not the reader of such lines. */
export type ReadLine = (words: Words, reading: Reading) => Said | undefined

/** What lines gave. */
export interface Listing {
  readonly entries: readonly ListedEntry[]
  /** The lines that nobody can read, and that are no heading or sum. */
  readonly unparsed: readonly string[]
}
