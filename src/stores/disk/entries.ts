import { lstatSync, readlinkSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'
import type { Entry } from '../../core/store.ts'
import { decodeText } from '../../core/text.ts'
import { lstat, readlink, type HostPath } from './calls.ts'
import { entryOf, unknownEntry } from './entry.ts'
import { codeOf } from './faults.ts'
import type { Owners } from './owners.ts'

/** The event loop is not held longer than this. */
const longestHoldMs = 5
/** A single look that takes so long waits for the disk, or for the processor, which cannot be told apart. */
const slowMs = 10
/** So many names the thread pool looks at then; twice as many whenever so few were quick since. */
const firstSlow = 64
const mostSlow = 64 * 1024
const fewQuick = 1000
const atOnce = 32

/**
 * Looks at the names in a directory. A look by callback costs three times as much as one that waits, so it waits as
 * long as the system answers from memory, with a rest for everyone else every few milliseconds; where the disk
 * itself has to be waited for, the thread pool does that for a while, and longer each time.
 */
export class Entries {
  readonly #owners: Owners
  readonly #clock: Clock
  /** How many names the thread pool still looks at, and at how many the last time. */
  #slow = 0
  #lastSlow = 0
  #quick = 0
  #turn: number

  constructor(owners: Owners, clock: Clock) {
    this.#owners = owners
    this.#clock = clock
    this.#turn = clock.ticks()
  }

  /** The entries of these names; one that is gone meanwhile is left out. */
  async look(at: HostPath, names: readonly string[]): Promise<Entry[]> {
    const entries: Entry[] = []
    const prefix = typeof at === 'string' ? `${at}/` : Buffer.concat([at, Buffer.from('/')])
    let before = this.#clock.ticks()
    for (let next = 0; next < names.length;) {
      if (this.#slow > 0) {
        const some = names.slice(next, next + this.#slow)
        for (const entry of await this.#lookSlowly(prefix, some)) entries.push(entry)
        this.#slow -= some.length
        next += some.length
        before = this.#turn = this.#clock.ticks()
        continue
      }
      if (before - this.#turn > longestHoldMs) before = await this.#rest()
      const entry = this.#lookNow(nameIn(prefix, names[next] ?? ''))
      if (entry) entries.push(entry)
      next += 1
      this.#quick += 1
      const after = this.#clock.ticks()
      if (after - before > slowMs) this.#goSlowly()
      before = after
    }
    return entries
  }

  #goSlowly(): void {
    const again = this.#quick < fewQuick && this.#lastSlow > 0
    this.#lastSlow = again ? Math.min(this.#lastSlow * 2, mostSlow) : firstSlow
    this.#slow = this.#lastSlow
    this.#quick = 0
  }

  async #rest(): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#turn = this.#clock.ticks()
    return this.#turn
  }

  #lookNow({ name, path }: NameIn): Entry | undefined {
    try {
      const stats = lstatSync(path, { throwIfNoEntry: false })
      if (!stats) return undefined
      const target = stats.isSymbolicLink() ? decodeText(readlinkSync(path, 'buffer')) : undefined
      return entryOf(name, stats, this.#owners, target)
    } catch (thrown) {
      return vanishedOrUnknown(name, thrown)
    }
  }

  async #lookSlowly(prefix: HostPath, names: readonly string[]): Promise<Entry[]> {
    const entries: Entry[] = []
    for (let done = 0; done < names.length; done += atOnce) {
      const some = names.slice(done, done + atOnce).map((name) => this.#lookOnce(nameIn(prefix, name)))
      for (const entry of await Promise.all(some)) if (entry) entries.push(entry)
    }
    return entries
  }

  async #lookOnce({ name, path }: NameIn): Promise<Entry | undefined> {
    try {
      const stats = await lstat(path)
      const target = stats.isSymbolicLink() ? decodeText(await readlink(path)) : undefined
      return entryOf(name, stats, this.#owners, target)
    } catch (thrown) {
      return vanishedOrUnknown(name, thrown)
    }
  }
}

interface NameIn {
  readonly name: string
  readonly path: HostPath
}

/** A name as a directory gave it, each byte as one character: as text, and as a path. */
function nameIn(prefix: HostPath, raw: string): NameIn {
  if (ascii.test(raw)) {
    return {
      name: raw,
      path: typeof prefix === 'string' ? prefix + raw : Buffer.concat([prefix, Buffer.from(raw)]),
    }
  }
  const bytes = Buffer.from(raw, 'latin1')
  return { name: decodeText(bytes), path: Buffer.concat([Buffer.from(prefix), bytes]) }
}

/** A name as a directory gave it, as text. */
export function nameOfRaw(raw: string): string {
  return ascii.test(raw) ? raw : decodeText(Buffer.from(raw, 'latin1'))
}

const ascii = /^[^\u0080-\u00ff]*$/

/** What is there and cannot be looked at, such as the mount of somebody else, is told; what is gone is not. */
function vanishedOrUnknown(name: string, thrown: unknown): Entry | undefined {
  const code = codeOf(thrown)
  if (code === undefined) throw thrown
  return code === 'ENOENT' ? undefined : unknownEntry(name)
}
