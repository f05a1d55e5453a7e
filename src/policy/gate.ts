import type { Clock } from '../core/clock.ts'
import { NetworkMap } from '../core/network-map.ts'
import type { Bans } from './bans.ts'
import { networkOf } from '../core/network-of.ts'

/** Who may knock, and how often. */
export interface GateSettings {
  /** With some, nobody else is let in. */
  readonly allow?: readonly string[]
  /** Nobody from these is let in, unless a longer network of `allow` holds them. */
  readonly deny?: readonly string[]
  /** Connections of an address (a /64 of IPv6) in a minute. */
  readonly connectionsPerMinute?: number
  /** Logins that are tried from an address in a minute. */
  readonly loginsPerMinute?: number
}

/** Why somebody is turned away. */
export interface TurnedAway {
  readonly rule: string
  readonly reason: string
}

/** Who is asked about an address before anything is said to it; one that is in another thread answers later. */
export interface Doorkeeper {
  /** Why a connection is not taken; undefined: it is. It counts. */
  entering(address: string): TurnedAway | undefined | Promise<TurnedAway | undefined>
  /** Why a login is not even tried. It counts. */
  trying(address: string): TurnedAway | undefined | Promise<TurnedAway | undefined>
}

/** A network of a list. */
interface Listed {
  readonly network: string
  readonly allowed: boolean
}

/** Looks at an address before anything is said to it: networks, bans, and how often it came. */
export class Gate implements Doorkeeper {
  readonly #bans: Bans | undefined
  readonly #clock: Clock
  #networks = new NetworkMap<Listed>()
  #closed = false
  #connections: RateLimit | undefined
  #logins: RateLimit | undefined

  constructor(clock: Clock, settings: GateSettings = {}, bans?: Bans) {
    this.#clock = clock
    this.#bans = bans
    this.use(settings)
  }

  /** Changes the settings for whoever comes from now on. */
  use({ allow = [], deny = [], connectionsPerMinute, loginsPerMinute }: GateSettings): void {
    const networks = new NetworkMap<Listed>()
    for (const network of allow) networks.set(network, { network, allowed: true })
    for (const network of deny) networks.set(network, { network, allowed: false })
    this.#networks = networks
    this.#closed = allow.length > 0
    this.#connections = limitOf(connectionsPerMinute, this.#clock)
    this.#logins = limitOf(loginsPerMinute, this.#clock)
  }

  /** Whether logins are counted at all. */
  get countsLogins(): boolean {
    return this.#logins !== undefined
  }

  entering(address: string): TurnedAway | undefined {
    const refusal = this.judging(address)
    if (refusal !== undefined) return refusal
    return this.#connections?.take(address) === false
      ? { rule: 'connectionsPerMinute', reason: 'it connects too often' }
      : undefined
  }

  trying(address: string): TurnedAway | undefined {
    return this.#logins?.take(address) === false
      ? { rule: 'loginsPerMinute', reason: 'too many logins are tried from that address' }
      : undefined
  }

  /** What lists and bans say of an address, without counting it. */
  judging(address: string): TurnedAway | undefined {
    const found = this.#networks.find(address)
    if (found?.allowed === false) return { rule: `deny ${found.network}`, reason: 'its network is denied' }
    if (found === undefined && this.#closed)
      return { rule: 'allow', reason: 'its network is not among the allowed' }
    const ban = this.#bans?.of(address)
    if (ban === undefined) return undefined
    const end = ban.ends === undefined ? '' : ` until ${new Date(ban.ends).toISOString()}`
    return { rule: 'ban', reason: `it is banned${end}: ${ban.reason}` }
  }
}

function limitOf(perMinute: number | undefined, clock: Clock): RateLimit | undefined {
  return perMinute === undefined ? undefined : new RateLimit(perMinute, clock)
}

/** Addresses that are remembered; when there are more, all of the oldest minute are forgotten. */
const mostRemembered = 50_000

/** So many in any minute, for each address: what was used comes back steadily. */
class RateLimit {
  readonly #most: number
  readonly #clock: Clock
  readonly #used = new Map<string, { used: number; at: number }>()

  constructor(perMinute: number, clock: Clock) {
    this.#most = perMinute
    this.#clock = clock
  }

  take(address: string): boolean {
    const key = networkOf(address)
    const now = this.#clock.ticks()
    const known = this.#used.get(key)
    const used = known === undefined ? 0 : Math.max(0, known.used - ((now - known.at) * this.#most) / 60_000)
    this.#used.delete(key)
    const taken = used + 1 <= this.#most
    this.#used.set(key, { used: taken ? used + 1 : used, at: now })
    if (this.#used.size > mostRemembered) {
      for (const [other, { at }] of this.#used) {
        if (at > now - 60_000 && this.#used.size <= mostRemembered * 2) break
        this.#used.delete(other)
      }
    }
    return taken
  }
}
