import type { ListedEntry } from './listed.ts'
import type { Listing } from './listed.ts'

/** Names as the files have them: what only shows in many lines is a mark or a margin, and no part of a name. */
export class Tidying {
  /** The fewest blanks before a name so far, of lines whose date fills its column and of those that end in a year alone. */
  #usual = unseen
  #filled = unseen
  #names = 0
  #marked: boolean | undefined

  /** The next lines of the same listing. */
  tidy(listing: Listing): Listing {
    const { entries } = listing
    for (const entry of entries) this.#look(entry)
    const unmarked = this.#marked !== true && !entries.some((entry) => hasSlash(entry) || isPath(entry))
    if (unmarked && this.#margin(false) === 0 && this.#margin(true) === 0) return listing
    const plain = entries.map((entry) => this.#plain(entry))
    // Without its margin a name may be that of the directory itself, or of the one above.
    return { ...listing, entries: plain.filter(({ name }) => name !== '.' && name !== '..') }
  }

  #look(entry: ListedEntry): void {
    if (entry.family === 'dos' && entry.kind === 'file') this.#lookAtDos(entry)
    if (entry.family !== 'unix') return
    const filled = endsInYear(entry)
    if (!filled) this.#names += 1
    const least = filled ? this.#filled : this.#usual
    if (least > 0) {
      const blanks = blanksBefore(entry.name, least)
      if (filled) this.#filled = blanks
      else this.#usual = blanks
    }
    if (this.#marked === false) return
    const mark = markOf(entry)
    if (mark !== undefined) this.#marked = entry.name.endsWith(mark)
  }

  /** Windows has its files' names where those of directories begin, behind marks that blanks follow. */
  #lookAtDos({ name }: ListedEntry): void {
    this.#names += 1
    if (this.#usual > 0) this.#usual = blanksBefore(name, this.#usual)
  }

  /** A single name, or two, may begin with spaces of their own; behind a year that stands left they fill the column. */
  #margin(filled: boolean): number {
    const least = filled ? this.#filled : this.#names < 3 ? 0 : this.#usual
    return least === unseen ? 0 : least
  }

  #plain(entry: ListedEntry): ListedEntry {
    const unix = entry.family === 'unix'
    let { name } = entry
    if ((unix || (entry.family === 'dos' && entry.kind === 'file')) && isBlank(name.charCodeAt(0)))
      name = name.slice(blanksBefore(name, this.#margin(endsInYear(entry))))
    if (isPath(entry)) name = lastPart(name)
    if (hasSlash(entry) && name.length > 1) return { ...entry, name: name.slice(0, -1), kind: 'directory' }
    const mark = unix && this.#marked === true ? markOf(entry) : undefined
    if (mark !== undefined && name.length > 1 && name.endsWith(mark)) name = name.slice(0, -1)
    return name === entry.name ? entry : { ...entry, name }
  }
}

const unseen = 1000

/** How many blanks a name begins with, of which it keeps one letter at least. */
function blanksBefore(name: string, most: number): number {
  let blanks = 0
  while (blanks < most && blanks < name.length - 1 && isBlank(name.charCodeAt(blanks))) blanks += 1
  return blanks
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/**
 * Whether the date is a day alone that does not reach as far as one with a time does: `Feb 18 2005  name` of HP-UX and QNX
 * beside `Feb 18 20:05 name`, and `2005-02-18  name`; not `Feb 18  2005 name`.
 */
function endsInYear({ modified, name, target, line }: ListedEntry): boolean {
  if (modified?.precision !== 'day') return false
  const behind = target === undefined ? name.length : name.length + arrow.length + target.length
  const year = line.length - behind - 5
  return !(isBlank(line.charCodeAt(year - 1)) && isBlank(line.charCodeAt(year - 2)))
}

const arrow = ' -> '

/** What `ls -F` puts behind a name: a slash behind directories, a star behind programs, an at sign behind links. */
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

/** Some servers tell whole paths in a listing; MLST does so where it should. */
function isPath({ name, family }: ListedEntry): boolean {
  return name.charCodeAt(0) === 47 && family !== 'facts'
}

function lastPart(path: string): string {
  const end = path.length - (path.endsWith('/') ? 2 : 1)
  return path.slice(path.lastIndexOf('/', end) + 1)
}
