import type { Clock, Timer } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Store } from '../core/store.ts'
import { sweepPartials } from '../policy/sweep.ts'

const hourMs = 3_600_000

/** How old a left-over must be if nothing else is said: as long can an upload be resumed. */
export const weekMs = 7 * 24 * hourMs

/** Removes left-over parts of uploads, at the start and every hour, from stores that nobody else cleans. */
export class Sweeping {
  readonly #stores: () => readonly Store[]
  readonly #removed: () => void
  readonly #olderThanMs: number
  readonly #clock: Clock
  readonly #events: Events
  readonly #stop = new AbortController()
  #timer: Timer | undefined
  #running: Promise<void> = Promise.resolve()

  /** `removed` is told when something was: whoever counts what lies there must count anew. */
  constructor(
    stores: (() => readonly Store[]) | undefined,
    olderThanMs: number,
    clock: Clock,
    events: Events,
    removed: () => void,
  ) {
    this.#stores = stores ?? (() => [])
    this.#olderThanMs = olderThanMs
    this.#clock = clock
    this.#events = events
    this.#removed = removed
    if (stores !== undefined) this.#again()
  }

  async end(): Promise<void> {
    this.#timer?.cancel()
    this.#stop.abort()
    await this.#running
  }

  #again(): void {
    this.#running = this.#sweepAll()
    this.#timer = this.#clock.after(hourMs, () => this.#again())
  }

  async #sweepAll(): Promise<void> {
    try {
      for (const store of this.#stores()) await this.#sweep(store)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  async #sweep(store: Store): Promise<void> {
    const { signal } = this.#stop
    try {
      const removed = await sweepPartials((await store.atLogin?.()) ?? store, this.#clock, {
        olderThanMs: this.#olderThanMs,
        signal,
      })
      if (removed === 0) return
      this.#events.emit({ kind: 'warning', text: `removed ${removed} left-over parts of uploads` })
      this.#removed()
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  #failed(thrown: unknown): void {
    this.#events.emit({
      kind: 'warning',
      text: `left-over parts were not removed: ${asError(thrown).message}`,
    })
  }
}
