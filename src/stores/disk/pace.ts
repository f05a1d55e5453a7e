import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { readlink, type HostPath } from './calls.ts'
import { DiskWatch } from './disk-watch.ts'
import { areMountsQuick } from './mounts.ts'

/** How long the thread pool waits behind a slow call; twice as long whenever it was not enough. */
const firstRestMs = 100
const longestRestMs = 30_000
/** A disk that was quick for so long, or so often, has recovered. */
const recoveredMs = 10_000
const recoveredCalls = 1000
/** How long it is believed that nothing else was mounted. */
const believedMs = 5000

/**
 * Whether quick calls on a disk may be waited for. Looking up a name takes 3 µs where the system answers from memory, and
 * 30 to 50 with a way through the thread pool and back. So it is waited for on disks of this machine; where a server
 * somewhere has to answer, or a call has just taken long, everything goes through the pool.
 */
export class Pace {
  readonly #root: HostPath
  readonly #clock: Clock
  readonly #watch: DiskWatch
  #local: boolean | undefined
  #looksAgain = -Infinity
  #restsUntil = -Infinity
  #restMs = firstRestMs
  /** Quick calls since the last slow one. */
  #calls = 0

  /** `root`: a link to the directory that holds all that is called for. */
  constructor(root: HostPath, clock: Clock, watch = new DiskWatch(clock)) {
    this.#root = root
    this.#clock = clock
    this.#watch = watch
  }

  /** Whether a server somewhere has to answer; undefined: that is not known yet. */
  get isFar(): boolean | undefined {
    return this.#local === undefined ? undefined : !this.#local
  }

  /** When a quick call begins, for `end`; undefined: it must not be waited for. */
  begin(): number | undefined {
    const now = this.#clock.ticks()
    this.freshen(now)
    return this.#local === true && now >= this.#restsUntil ? this.#watch.begin(now) : undefined
  }

  /** Has it looked again by and by what is mounted there. */
  freshen(now = this.#clock.ticks()): void {
    if (now >= this.#looksAgain) void this.look()
  }

  /** Notes whether a call that began then was quick. */
  end(began: number): void {
    const now = this.#clock.ticks()
    this.#calls += 1
    if (this.#watch.isSlow(began, now)) this.#rest(now)
  }

  /** Looks what is mounted there by now. Never rejects. */
  async look(): Promise<void> {
    this.#looksAgain = this.#clock.ticks() + believedMs
    try {
      const [root, mounts] = await Promise.all([
        readlink(this.#root),
        readFile('/proc/self/mountinfo', 'latin1'),
      ])
      this.#local = areMountsQuick(mounts, root.toString('latin1'))
    } catch {
      this.#local = false // Who cannot know does not wait.
    }
  }

  #rest(now: number): void {
    const again = now - this.#restsUntil < recoveredMs && this.#calls < recoveredCalls
    this.#calls = 0
    this.#restMs = again ? Math.min(this.#restMs * 2, longestRestMs) : firstRestMs
    this.#restsUntil = now + this.#restMs
  }
}
