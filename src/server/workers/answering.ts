import type { Clock, Timer } from '../../core/clock.ts'

/** How often each is asked whether it is there. */
export const askMs = 5000

/** So often in a row it may not have answered. A machine that slept, or stood still, counts as once. */
export const mostMissed = 6

/** Somebody who should answer. */
export interface Asked {
  alive(): Promise<unknown>
}

/**
 * Asks all of them now and then, and tells of who has not answered for half a minute: a thread that turns in a loop of ours,
 * or waits in one call for a disk that is gone, says nothing, and its sessions and ports hang with it.
 */
export class Answering<Of extends Asked> {
  readonly #members: () => readonly Of[]
  readonly #clock: Clock
  readonly #hangs: (member: Of) => void
  readonly #missed = new Map<Of, number>()
  #timer: Timer

  constructor(members: () => readonly Of[], clock: Clock, hangs: (member: Of) => void) {
    this.#members = members
    this.#clock = clock
    this.#hangs = hangs
    this.#timer = this.#later()
  }

  end(): void {
    this.#timer.cancel()
  }

  #later(): Timer {
    return this.#clock.after(askMs, () => {
      this.#look()
      this.#timer = this.#later()
    })
  }

  #look(): void {
    const members = this.#members()
    for (const member of this.#missed.keys()) if (!members.includes(member)) this.#missed.delete(member)
    for (const member of members) {
      const missed = this.#missed.get(member) ?? 0
      this.#missed.set(member, missed + 1)
      if (missed === 0) this.#ask(member)
      if (missed === mostMissed) this.#hangs(member)
    }
  }

  #ask(member: Of): void {
    const heard = (): void => void this.#missed.set(member, 0)
    // One that ends while it is asked is looked after by who started it.
    member.alive().then(heard, () => undefined)
  }
}
