import { lstatSync, readlinkSync } from 'node:fs'
import { setImmediate } from 'node:timers'
import type { Clock } from '../../core/clock.ts'
import { lstat, readlink, type HostPath } from './calls.ts'
import { DiskWatch } from './disk-watch.ts'
import { codeOf } from './faults.ts'
import type { Owners } from './owners.ts'
import { isAscii, Seen } from './seen.ts'

/** The event loop is not held longer than this. */
const longestHoldMs = 5
/** So many names the thread pool looks at behind a slow look; twice as many whenever so few were quick since. */
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
  readonly #watch: DiskWatch
  /** How many names the thread pool still looks at, and at how many the last time. */
  #slow = 0
  #lastSlow = 0
  #quick = 0
  #turn: number

  constructor(owners: Owners, clock: Clock, watch = new DiskWatch(clock)) {
    this.#owners = owners
    this.#clock = clock
    this.#watch = watch
    this.#turn = clock.ticks()
  }

  /** What is behind these names; one that is gone meanwhile is left out. */
  async look(at: HostPath, names: readonly string[]): Promise<Seen> {
    const seen = new Seen(names, this.#owners)
    const prefix = typeof at === 'string' ? `${at}/` : Buffer.concat([at, Buffer.from('/')])
    let before = this.#clock.ticks()
    for (let next = 0; next < names.length;) {
      if (this.#slow > 0) {
        const end = Math.min(next + this.#slow, names.length)
        await lookSlowly(seen, prefix, names, next, end)
        this.#slow -= end - next
        next = end
        before = this.#turn = this.#clock.ticks()
        continue
      }
      if (before - this.#turn > longestHoldMs) before = await this.#rest()
      before = this.#watch.begin(before)
      lookNow(seen, next, pathIn(prefix, names[next] ?? ''))
      next += 1
      this.#quick += 1
      const after = this.#clock.ticks()
      if (this.#watch.isSlow(before, after)) this.#goSlowly()
      before = after
    }
    return seen
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
}

function lookNow(seen: Seen, index: number, path: HostPath): void {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats) seen.note(index, stats, stats.isSymbolicLink() ? readlinkSync(path, 'buffer') : undefined)
  } catch (thrown) {
    noteUnlessGone(seen, index, thrown)
  }
}

async function lookSlowly(
  seen: Seen,
  prefix: HostPath,
  names: readonly string[],
  from: number,
  end: number,
): Promise<void> {
  for (let begin = from; begin < end; begin += atOnce) {
    const some = names.slice(begin, Math.min(begin + atOnce, end))
    await Promise.all(some.map((name, at) => lookOnce(seen, begin + at, pathIn(prefix, name))))
  }
}

async function lookOnce(seen: Seen, index: number, path: HostPath): Promise<void> {
  try {
    const stats = await lstat(path)
    seen.note(index, stats, stats.isSymbolicLink() ? await readlink(path) : undefined)
  } catch (thrown) {
    noteUnlessGone(seen, index, thrown)
  }
}

/** What is there and cannot be looked at, such as the mount of somebody else, is told; what is gone is not. */
function noteUnlessGone(seen: Seen, index: number, thrown: unknown): void {
  const code = codeOf(thrown)
  if (code === undefined) throw thrown
  if (code !== 'ENOENT') seen.noteUnknown(index)
}

/** The path of a name as a directory gave it, each byte as one character. */
function pathIn(prefix: HostPath, raw: string): HostPath {
  if (typeof prefix === 'string' && isAscii(raw)) return prefix + raw
  return Buffer.concat([Buffer.from(prefix), Buffer.from(raw, 'latin1')])
}
