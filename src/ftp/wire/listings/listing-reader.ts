import { facts } from './facts.ts'
import { families } from './families.ts'
import { entryOfFound, type FilledEntry } from './listed-entry.ts'
import { remark, type Found, type ListedEntry, type Listing, type Said } from './listed.ts'
import { Reading } from './reading.ts'
import { Tidying } from './tidying.ts'
import { usualDos } from './usual-dos.ts'
import { UsualUnix } from './usual-unix.ts'
import { Words } from './words.ts'

/** Longer lines are no listing: a path has 4096 bytes at most, and the columns before it are short. */
const longestLine = 16_384
const mostPieces = 64

/** So many lines are read in one go before the first are told: margins, marks and the order of dates show only in several. */
const atFirst = 100

/** And so many after that: what a line is read as must not depend on how the bytes arrived. */
const atOnce = 1000

/** Reads a listing that comes in batches of lines. Never throws, and takes time in proportion to what comes. */
export class ListingReader {
  readonly #reading: Reading
  readonly #unix: UsualUnix
  readonly #words = new Words()
  readonly #tidying = new Tidying()
  /** The lines that are too few to be read yet. */
  #waiting: string[] = []
  #enough = atFirst
  #state: State = { begun: undefined, open: 0, returns: false, blank: true, folder: undefined }

  /** `now` is the time at the reader's place: dates without a year are counted back from it. */
  constructor(now: number) {
    this.#reading = new Reading(now)
    this.#unix = new UsualUnix(this.#reading)
  }

  /** Reads whole lines, which may end in CR. `last` says that no more will come. */
  read(lines: readonly string[], last: boolean): Listing {
    const waiting = this.#waiting
    for (const line of lines) waiting.push(line)
    const entries: ListedEntry[] = []
    const unparsed: string[] = []
    let at = 0
    for (;;) {
      const left = waiting.length - at
      if (left === 0 || (left < this.#enough && !last)) break
      const some = waiting.slice(at, at + this.#enough)
      if (this.#enough === atFirst) this.#state.returns = mostReturn(some)
      at += some.length
      this.#enough = atOnce
      const listing = this.#read(some)
      for (const entry of listing.entries) entries.push(entry)
      for (const line of listing.unparsed) unparsed.push(line)
    }
    this.#waiting = waiting.slice(at)
    if (last && this.#state.begun !== undefined) unparsed.push(this.#state.begun)
    return { entries, unparsed }
  }

  #read(lines: readonly string[]): Listing {
    const before = { ...this.#state }
    const heading = this.#reading.heading
    for (;;) {
      const listing = this.#pass(lines)
      const isContradicted = this.#reading.takeContradiction()
      if (!isContradicted) return this.#tidying.tidy(listing)
      // Each time something is known for good that was not before, so that this ends.
      this.#state = { ...before }
      this.#reading.heading = heading
    }
  }

  /** Reads until a line shows that those before it are to be read in another way. */
  #pass(lines: readonly string[]): Listing {
    const entries: ListedEntry[] = []
    const unparsed: string[] = []
    for (const line of lines) {
      this.#line(line, entries, unparsed)
      if (this.#reading.isContradicted) return { entries, unparsed }
    }
    return { entries, unparsed }
  }

  #line(raw: string, entries: ListedEntry[], unparsed: string[]): void {
    const line = withoutReturn(raw)
    const state = this.#state
    const returned = line.length < raw.length
    const goesOn = returned && state.returns && state.open > 0
    if (returned) state.returns = true
    if (line.length > longestLine) {
      unparsed.push(line)
      return
    }
    const usual = state.begun === undefined ? this.#usual(line) : undefined
    const told = usual ?? facts(line)
    if (told !== undefined && told !== remark) {
      if (state.begun !== undefined) unparsed.push(state.begun)
      state.begun = undefined
      state.blank = false
      this.#add(told, returned, entries)
      return
    }
    const words = this.#words.take(line)
    // An empty line is nothing, unless it ends the name of the line before.
    const blank = goesOn ? undefined : remark
    const begun = words.count === 0 ? undefined : state.begun
    const whole = begun === undefined ? undefined : this.#joined(begun, line, unparsed)
    const found = words.count === 0 ? blank : (whole ?? told ?? this.#found(words))
    if (found === undefined) this.#unknown(line, returned, entries, unparsed)
    else if (found !== remark) this.#addAll(found, whole ? `${begun}\n${line}` : line, returned, entries)
    else state.open = 0
    state.blank = words.count === 0
  }

  /** Nearly all lines there are. */
  #usual(line: string): FilledEntry | undefined {
    const first = line.charCodeAt(0)
    return first >= 48 && first <= 57 ? usualDos(line, this.#reading) : this.#unix.read(line)
  }

  /** The entry that the line before began, if this one ends it. */
  #joined(begun: string, line: string, unparsed: string[]): Found | undefined {
    this.#state.begun = undefined
    const found = this.#found(this.#words.take(`${begun} ${line.trimStart()}`))
    if (found !== undefined && isOne(found) && (found.family === 'vms' || found.family === 'dls'))
      return found
    unparsed.push(begun)
    this.#words.take(line)
    return undefined
  }

  #found(words: Words): Said | undefined {
    for (const family of families) {
      const found = family(words, this.#reading)
      if (found !== undefined) return found
    }
    return undefined
  }

  #addAll(found: Found | readonly Found[], line: string, returned: boolean, entries: ListedEntry[]): void {
    for (const each of isOne(found) ? [found] : found) this.#add(entryOfFound(each, line), returned, entries)
  }

  #add(entry: FilledEntry, returned: boolean, entries: ListedEntry[]): void {
    const { name } = entry
    this.#state.open = returned ? 0 : 1
    if (name === '.' || name === '..' || name === './' || name === '../') return
    entry.folder = this.#state.folder
    entries.push(entry)
  }

  #unknown(line: string, returned: boolean, entries: ListedEntry[], unparsed: string[]): void {
    const state = this.#state
    const before = entries.at(-1)
    if (state.returns && before?.line.endsWith(before.name) && state.open > 0 && state.open < mostPieces) {
      // The line before had no CR though others have: its LF was part of a name.
      const more = { name: `${before.name}\n${line}`, line: `${before.line}\n${line}` }
      entries[entries.length - 1] = { ...before, ...more }
      state.open = returned ? 0 : state.open + 1
      return
    }
    state.open = 0
    if (this.#words.count === 1 && (this.#reading.describes || isLongName.test(line)))
      state.begun = line.trim()
    else if (state.blank && line.length > 1 && line.endsWith(':')) state.folder = line.slice(0, -1)
    else if (this.#words.count > 0) unparsed.push(line)
  }
}

function isOne(said: Said): said is Found {
  return said !== remark && 'name' in said
}

/** A name of VMS that left no room for the rest of its line: that has a version, or is in capitals. */
const isLongName = /;\d{1,5}\s*$|^[A-Z\d$_-]{1,80}\.[A-Z\d$_-]{0,80}\s*$/u

/** What one line leaves behind for the next. */
interface State {
  /** The first half of an entry, as VMS wraps lines behind a long name. */
  begun: string | undefined
  /** How many lines without a CR the last entry has so far; 0 where its line was ended by one. */
  open: number
  returns: boolean
  blank: boolean
  folder: string | undefined
}

/** Already of the first line it must be known whether the ends of lines have a CR. */
function mostReturn(lines: readonly string[]): boolean {
  let count = 0
  for (let at = 0; at < lines.length && at < atFirst; at += 1) if (lines[at]?.endsWith('\r')) count += 1
  return count * 2 > Math.min(lines.length, atFirst)
}

function withoutReturn(line: string): string {
  let end = line.length
  while (end > 0 && line.charCodeAt(end - 1) === 13) end -= 1
  return end < line.length ? line.slice(0, end) : line
}
