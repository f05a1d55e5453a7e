import type { Clock } from '../core/clock.ts'
import { dayMs } from '../core/day.ts'
import type { Events } from '../core/event.ts'

/** A certificate that holds for a while. */
export interface Expiring {
  /** `the certificate of CN=files.example` */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly begins: number
  readonly expires: number
}

/** How long before a certificate expires its end is told of, once a day; earlier than in its last third it is not news. */
const warnMs = 21 * dayMs

/** Tells of certificates that do not hold, or not for long any more. */
export class ExpiryWarner {
  readonly #clock: Clock
  readonly #events: Events
  #warned = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, events: Events) {
    this.#clock = clock
    this.#events = events
  }

  /** To be called as often as one likes. */
  look(certificates: readonly Expiring[]): void {
    const now = this.#clock.now()
    if (now - this.#warned < dayMs) return
    for (const { what, begins, expires } of certificates) {
      const left = expires - now
      if (left > Math.min(warnMs, (expires - begins) / 3) && begins <= now) continue
      this.#warned = now
      const [when, at] = begins > now ? ['is not valid yet', begins] : [ending(left), expires]
      this.#events.emit({ kind: 'warning', text: `${what} ${when}: ${new Date(at).toISOString()}` })
    }
  }

  /** There are others: what is wrong with them is news. */
  renew(): void {
    this.#warned = Number.NEGATIVE_INFINITY
  }
}

function ending(left: number): string {
  if (left <= 0) return 'has expired'
  return left < 2 * dayMs
    ? `expires in ${Math.ceil(left / 3_600_000)} hours`
    : `expires in ${Math.ceil(left / dayMs)} days`
}
