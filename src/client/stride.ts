import { systemClock, type Clock } from '../core/clock.ts'

const first = 64 * 1024
const least = 16 * 1024
/** What takes less is worth more at a time; what takes longer keeps whoever watches waiting, and is lost where it breaks. */
const quickMs = 250
const slowMs = 1000
/**
 * Large pieces begin so far behind multiples of their size. Linux keeps a new file in pieces of memory as large, and as aligned, as
 * it is written in, and large ones a virtual machine takes from what it has given back to its host: two to four times the CPU.
 */
const aside = 32 * 1024

/**
 * How much of a file is moved at a time: over a slow way little, so that it is seen to go on and hardly any of it is lost
 * where it breaks, and as much as a block holds where that takes no time.
 */
export class Stride {
  readonly #most: number
  readonly #clock: Clock
  #size: number
  #begun: number | undefined

  constructor(most: number, clock: Clock = systemClock) {
    this.#most = most
    this.#clock = clock
    this.#size = Math.min(first, most)
  }

  /** How much is to be moved from this place on, now that what was told before has been. Ends where disks and memory like it. */
  next(at: number): number {
    const now = this.#clock.ticks()
    const took = this.#begun === undefined ? undefined : now - this.#begun
    this.#begun = now
    if (took !== undefined && took < quickMs) this.#size = Math.min(2 * this.#size, this.#most)
    else if (took !== undefined && took > slowMs)
      this.#size = Math.max(this.#size / 2, Math.min(least, this.#most))
    const behind = this.#size > first ? aside : 0
    return this.#size - ((at + this.#size - behind) % this.#size)
  }
}
