import type { Clock, Timer } from '../core/clock.ts'

/**
 * Rings at a deadline that moves with every packet. The timer is not moved along: it rings early, is looked at, and is
 * set anew, which costs a timer a round trip and not one a packet.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #timer: Timer | undefined
  #due = Infinity

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Infinity: nothing is waited for. */
  set(deadline: number): void {
    if (!Number.isFinite(deadline) || (this.#timer !== undefined && this.#due <= deadline)) return
    this.cancel()
    this.#due = deadline
    this.#timer = this.#clock.after(Math.max(1, deadline - this.#clock.ticks()), () => {
      this.#timer = undefined
      this.#ring()
    })
  }

  cancel(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
