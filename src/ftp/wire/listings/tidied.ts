import type { ListedEntry } from './listed.ts'
import type { Listing } from './listing-reader.ts'

/** Names as the files have them: what only shows in the whole batch is a mark or a margin, and no part of a name. */
export function tidied(listing: Listing): Listing {
  const { entries } = listing
  if (entries.length === 0) return listing
  const margin = marginOf(entries)
  const marked = isMarked(entries)
  if (margin === 0 && !marked && !entries.some(hasSlash)) return listing
  return { ...listing, entries: entries.map((entry) => plain(entry, margin, marked)) }
}

function plain(entry: ListedEntry, margin: number, marked: boolean): ListedEntry {
  let { name } = entry
  if (entry.family === 'unix') name = name.slice(margin)
  if (hasSlash(entry) && name.length > 1) return { ...entry, name: name.slice(0, -1), kind: 'directory' }
  const mark = marked && entry.family === 'unix' ? markOf(entry) : undefined
  if (mark !== undefined && name.length > 1 && name.endsWith(mark)) name = name.slice(0, -1)
  return name === entry.name ? entry : { ...entry, name }
}

/** Blanks before every name: a server that fills columns. A single name, or two, may begin with spaces of their own. */
function marginOf(entries: readonly ListedEntry[]): number {
  let least = Number.MAX_SAFE_INTEGER
  let names = 0
  for (const { name, family } of entries) {
    if (family !== 'unix') continue
    names += 1
    let blanks = 0
    while (blanks < least && blanks < name.length - 1 && isBlank(name.charCodeAt(blanks))) blanks += 1
    least = blanks
    if (least === 0) return 0
  }
  return names < 3 ? 0 : least
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** Whether the names bear the marks of `ls -F`: all directories a slash, all programs a star, all links an at sign. */
function isMarked(entries: readonly ListedEntry[]): boolean {
  let marked = 0
  for (const entry of entries) {
    if (entry.family !== 'unix') continue
    const mark = markOf(entry)
    if (mark === undefined) continue
    if (!entry.name.endsWith(mark)) return false
    marked += 1
  }
  return marked > 0
}

function markOf({ kind, mode, line }: ListedEntry): string | undefined {
  if (kind === 'directory') return '/'
  if (kind === 'link') return '@'
  if (kind === 'file') return mode !== undefined && (mode & 0o111) > 0 ? '*' : undefined
  return line.startsWith('s') ? '=' : line.startsWith('p') ? '|' : undefined
}

/** No name holds a slash: at its end it says directory. */
function hasSlash({ name, kind }: ListedEntry): boolean {
  return name.endsWith('/') && kind !== 'link'
}
