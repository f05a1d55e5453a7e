import type { Clock, Timer } from '../core/clock.ts'

interface Waiting {
  readonly at: number
  readonly run: () => void
}

/** A clock that stands still until it is turned. Begins at 2026-11-21 00:00 UTC. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 10, 21)
  readonly #waiting = new Set<Waiting>()

  now(): number {
    return this.#now
  }

  ticks(): number {
    return this.#now
  }

  after(ms: number, run: () => void): Timer {
    const waiting = { at: this.#now + ms, run }
    this.#waiting.add(waiting)
    return { cancel: () => void this.#waiting.delete(waiting) }
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Turns the clock, runs what falls due on the way in its order, and lets what that sets off come to rest. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#waiting.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settle()
    }
    this.#now = end
    await settle()
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.at <= end && (first === undefined || waiting.at < first.at)) first = waiting
    }
    return first
  }
}

/** Lets promises and the work they begin run until the event loop has come round a few times. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
