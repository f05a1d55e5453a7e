import type { Clock } from '../core/clock.ts'

/** So much may be saved up, in time: what a transfer did not use a moment ago. */
const burstMs = 100

/** A shorter wait is put off until it is worth a timer; what is taken is counted all the same. */
const shortestWaitMs = 10

/** How much of the rate one takes at a time, before it is another's turn. */
const sliceMs = 50

/** Where whoever moves bytes waits until they may pass. */
export interface Bucket {
  /** How much one takes at a time. */
  readonly slice: number
  /** Resolves when so many bytes may have passed. */
  take(bytes: number, signal: AbortSignal): Promise<void>
}

/** How much of a rate one takes at a time. */
export function sliceOf(bytesPerSecond: number): number {
  return Math.max(1024, Math.ceil((bytesPerSecond / 1000) * sliceMs))
}

/**
 * Shares a rate among all who take from it: each takes a slice and stands in line again, so that many transfers get the
 * same and none gets nothing.
 */
export class TokenBucket implements Bucket {
  readonly #perMs: number
  readonly #clock: Clock
  readonly slice: number
  /** When what was taken so far is paid for. */
  #paid: number
  #turn: Promise<void> = Promise.resolve()

  constructor(bytesPerSecond: number, clock: Clock) {
    this.#perMs = bytesPerSecond / 1000
    this.#clock = clock
    this.slice = sliceOf(bytesPerSecond)
    this.#paid = clock.ticks()
  }

  async take(bytes: number, signal: AbortSignal): Promise<void> {
    for (let left = bytes; left > 0 && !signal.aborted; left -= this.slice)
      await this.#inTurn(Math.min(left, this.slice), signal)
  }

  /** One after the other: a place in this chain is a place in the line. */
  #inTurn(bytes: number, signal: AbortSignal): Promise<void> {
    const turn = this.#turn.then(() => (signal.aborted ? undefined : this.#pay(bytes, signal)))
    this.#turn = turn
    return turn
  }

  async #pay(bytes: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.ticks()
    this.#paid = Math.max(this.#paid, now - burstMs) + bytes / this.#perMs
    const wait = this.#paid - now
    if (wait < shortestWaitMs) return
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(wait, done)
      signal.addEventListener('abort', done, { once: true })
      function done(): void {
        timer.cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }
}
