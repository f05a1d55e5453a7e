import type { Clock } from '../core/clock.ts'
import { pause } from '../core/pause.ts'
import type { OpenFile } from '../core/store.ts'

/** Holds transfers back, so that all that share it together stay below a rate. */
export class Pace {
  readonly #clock: Clock
  readonly #bytesPerMs: number
  /** When what was let through so far will have been paid for. */
  #paidAt: number

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock
    this.#bytesPerMs = bytesPerSecond / 1000
    this.#paidAt = clock.ticks()
  }

  /** How much to move at once, so that the rate does not come in bursts of seconds. */
  get most(): number {
    return Math.max(1024, Math.floor(this.#bytesPerMs * 100))
  }

  /** Resolves when these bytes have had their time. */
  async moved(bytes: number, signal?: AbortSignal): Promise<void> {
    this.#paidAt = Math.max(this.#paidAt, this.#clock.ticks()) + bytes / this.#bytesPerMs
    await pause(this.#clock, this.#paidAt - this.#clock.ticks(), signal)
  }
}

/** The same file, read and written no faster than the pace allows. */
export function paced(file: OpenFile, pace: Pace | undefined, signal?: AbortSignal): OpenFile {
  if (pace === undefined) return file
  return {
    stat: () => file.stat(),
    close: () => file.close(),
    abort: (reason) => file.abort(reason),
    async read(into, at) {
      const count = await file.read(into.subarray(0, pace.most), at)
      await pace.moved(count, signal)
      return count
    },
    async write(pieces, at) {
      await file.write(pieces, at)
      await pace.moved(
        pieces.reduce((sum, { length }) => sum + length, 0),
        signal,
      )
    },
  }
}
