import { openSync, readSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'

/** A call that takes so long waited for the disk, and everybody with it; or for the processor. */
const slowMs = 10

/** What was noted so lately is good enough to tell ten milliseconds by: to ask takes as long as looking for a name. */
const freshMs = 2

/** So long behind a slow call it is asked what calls wait for: where none is slow, asking would be a twentieth of a little file. */
const watchedMs = 10_000

/**
 * Tells calls that waited for the disk from those that only waited for a processor, as on a busy machine: there the way through the
 * thread pool would be waited for as well, and take twice the processor.
 */
export class DiskWatch {
  readonly #clock: Clock
  readonly #waitedMs: (() => number) | undefined
  #noted = 0
  #notedAt = -Infinity
  #until = -Infinity

  /** `waitedMs`: how long this thread has waited for a processor, all in all; without, every slow call is the disk's. */
  constructor(clock: Clock, waitedMs?: () => number) {
    this.#clock = clock
    this.#waitedMs = waitedMs
  }

  /** To be called before each call: when it begins. `now`: what the clock has just said. */
  begin(now: number): number {
    if (this.#waitedMs === undefined || now >= this.#until || now - this.#notedAt <= freshMs) return now
    this.#noted = this.#waitedMs()
    return (this.#notedAt = this.#clock.ticks())
  }

  /** Whether a call from then until now waited for the disk. Of the first that is slow nobody knows, and it counts as one that did. */
  isSlow(began: number, now: number): boolean {
    const ms = now - began
    if (ms <= slowMs) return false
    const isWatched = began < this.#until
    this.#until = now + watchedMs
    return this.#waitedMs === undefined || !isWatched || ms - (this.#waitedMs() - this.#noted) > slowMs
  }
}

/** Where Linux tells it of each thread. */
let descriptor: number | undefined | 'none'

const room = Buffer.alloc(96)

/** How long this thread has been ready to run and had no processor, in milliseconds; always 0 where the system does not tell. */
export function waitedForProcessor(): number {
  try {
    descriptor ??= openSync('/proc/thread-self/schedstat', 'r')
    if (descriptor === 'none') return 0
    // `time on a processor, time waiting for one, slices`, both in nanoseconds.
    const told = room.toString('latin1', 0, readSync(descriptor, room, 0, room.length, 0))
    return Number(told.split(' ')[1]) / 1e6
  } catch {
    // Some systems have no such file: then every slow call is the disk's.
    descriptor = 'none'
    return 0
  }
}
