import type { Verdict } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import { networkOf } from '../core/network-of.ts'
import type { Lane } from './passwords.ts'

/** How long it is remembered how the last login from somewhere ended. */
const rememberedMs = 10 * 60_000

/** So many are remembered; the oldest are forgotten first. */
const mostRemembered = 50_000

/**
 * From where logins came lately, right ones and wrong ones. Hashing is what a login costs, so a thousand who guess would
 * keep everybody waiting: they wait for all others instead.
 */
export class Guessers {
  readonly #clock: Clock
  readonly #seen = new Map<string, { readonly lane: Lane; readonly at: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  laneOf(address: string): Lane {
    const seen = this.#seen.get(networkOf(address))
    return seen === undefined || this.#clock.ticks() - seen.at > rememberedMs ? 'new' : seen.lane
  }

  note(address: string, verdict: Verdict): void {
    const network = networkOf(address)
    this.#seen.delete(network)
    this.#seen.set(network, {
      lane: verdict.kind === 'refuse' ? 'guessed' : 'known',
      at: this.#clock.ticks(),
    })
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > mostRemembered && oldest !== undefined) this.#seen.delete(oldest)
  }
}
