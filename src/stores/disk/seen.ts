import type { Row, Rows } from '../../core/rows.ts'
import type { Entry, EntryKind } from '../../core/store.ts'
import { decodeText } from '../../core/text.ts'
import { entryOf, idOf, kindOf, timeOf, unknownEntry, type EntryStats } from './entry.ts'
import type { Owners } from './owners.ts'

/** What looks at the names of a directory gave: nine numbers for each, of which entries are made only if somebody wants them. */
export class Seen {
  readonly #names: readonly string[]
  readonly #owners: Owners
  readonly #numbers: Float64Array
  readonly #targets: Map<number, Uint8Array>

  /** Names as a directory gave them. What was noted already (bin/look-thread.js) is the numbers, and where links lead. */
  constructor(
    names: readonly string[],
    owners: Owners,
    numbers: Float64Array = new Float64Array(names.length * numbersEach),
    targets: Iterable<readonly [index: number, target: Uint8Array]> = [],
  ) {
    this.#names = names
    this.#owners = owners
    this.#numbers = numbers
    this.#targets = new Map(targets)
  }

  /** Notes what is there. A name of which nothing is noted is gone, and left out. */
  note(index: number, stats: EntryStats, target: Uint8Array | undefined): void {
    const at = index * numbersEach
    this.#numbers[at] = stats.mode
    this.#numbers[at + 1] = stats.nlink
    this.#numbers[at + 2] = stats.size
    this.#numbers[at + 3] = stats.mtimeMs
    this.#numbers[at + 4] = stats.birthtimeMs
    this.#numbers[at + 5] = stats.uid
    this.#numbers[at + 6] = stats.gid
    this.#numbers[at + 7] = stats.dev
    this.#numbers[at + 8] = stats.ino
    if (target !== undefined) this.#targets.set(index, target)
  }

  /** Notes that something is there, and nothing else is known. */
  noteUnknown(index: number): void {
    this.#numbers[index * numbersEach] = unknown
  }

  readonly rows: Rows = (tell) => {
    const row = new SeenRow(this.#numbers, this.#owners)
    for (let index = 0; index < this.#names.length; index += 1) {
      if (row.goTo(index, this.#names[index] ?? '', this.#targets.get(index))) tell(row)
    }
  }

  entries(): Entry[] {
    const entries: Entry[] = []
    for (const [index, raw] of this.#names.entries()) {
      const stats = statsAt(this.#numbers, index * numbersEach)
      if (stats.mode === 0) continue
      const name = nameOfRaw(raw)
      const target = this.#targets.get(index)
      if (stats.mode === unknown) entries.push(unknownEntry(name))
      else entries.push(entryOf(name, stats, this.#owners, target && decodeText(target)))
    }
    return entries
  }
}

const numbersEach = 9

/** In place of a mode, which is never negative; 0, which none is as it has a kind, says that nothing is there. */
const unknown = -1

/** One row after another, all in this object. */
class SeenRow implements Row {
  readonly #numbers: Float64Array
  readonly #owners: Owners
  #at = 0
  name = ''
  kind: EntryKind = 'other'
  size = 0
  modified = 0
  created: number | undefined
  mode: number | undefined
  links: number | undefined
  owner: string | undefined
  group: string | undefined
  target: string | undefined

  constructor(numbers: Float64Array, owners: Owners) {
    this.#numbers = numbers
    this.#owners = owners
  }

  /** Whether something is there. `raw`: the name as the directory gave it. */
  goTo(index: number, raw: string, target: Uint8Array | undefined): boolean {
    const at = index * numbersEach
    const mode = this.#numbers[at] ?? 0
    if (mode === 0) return false
    const known = mode !== unknown
    const created = this.#numbers[at + 4] ?? 0
    this.#at = at
    this.name = nameOfRaw(raw)
    this.kind = known ? kindOf(mode) : 'other'
    this.size = this.#numbers[at + 2] ?? 0
    this.modified = timeOf(this.#numbers[at + 3] ?? 0)
    this.created = created > 0 ? timeOf(created) : undefined
    this.mode = known ? mode & 0o7777 : undefined
    this.links = known ? this.#numbers[at + 1] : undefined
    this.owner = known ? this.#owners.user(this.#numbers[at + 5] ?? 0) : undefined
    this.group = known ? this.#owners.group(this.#numbers[at + 6] ?? 0) : undefined
    this.target = target && decodeText(target)
    return true
  }

  /** Made only where it is told: of all that a row has, it is what takes longest. */
  get id(): string | undefined {
    if (this.mode === undefined) return undefined
    return idOf(this.#numbers[this.#at + 7] ?? 0, this.#numbers[this.#at + 8] ?? 0)
  }
}

function statsAt(numbers: Float64Array, at: number): EntryStats {
  return {
    mode: numbers[at] ?? 0,
    nlink: numbers[at + 1] ?? 0,
    size: numbers[at + 2] ?? 0,
    mtimeMs: numbers[at + 3] ?? 0,
    birthtimeMs: numbers[at + 4] ?? 0,
    uid: numbers[at + 5] ?? 0,
    gid: numbers[at + 6] ?? 0,
    dev: numbers[at + 7] ?? 0,
    ino: numbers[at + 8] ?? 0,
  }
}

/** A name as a directory gave it, each byte as one character, as text. */
export function nameOfRaw(raw: string): string {
  return isAscii(raw) ? raw : decodeText(Buffer.from(raw, 'latin1'))
}

/** Whether a name is the same in latin1 and in UTF-8. */
export function isAscii(raw: string): boolean {
  return ascii.test(raw)
}

const ascii = /^[^\u0080-\u00ff]*$/
