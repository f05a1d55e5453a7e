import type { Clock } from '../core/clock.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import { guestNames } from '../core/guest-names.ts'
import { NetworkMap } from '../core/network-map.ts'
import { networkOf } from '../core/network-of.ts'

/** Who is not let in, how long (undefined: until it is taken back), and why. */
export interface Ban {
  readonly network: string
  readonly ends: number | undefined
  readonly reason: string
}

/** How bad an address was, and when that was reckoned. */
export interface Score {
  readonly address: string
  readonly score: number
  readonly at: number
}

/** Where bans and scores outlive the process. */
export interface BanStore {
  bans(): readonly Ban[]
  scores(): readonly Score[]
  putBan(ban: Ban): void
  removeBan(network: string): void
  putScore(score: Score): void
  removeScore(address: string): void
}

export interface BanSettings {
  /** From which score on an address is banned; 0: none is, by itself. */
  readonly threshold: number
  /** In how much time a score falls to half. */
  readonly halfLifeMs: number
  readonly banMs: number
  /** What each offence adds. */
  readonly wrongLogin: number
  readonly unknownUser: number
  readonly nonsense: number
  readonly turnedAway: number
  /** Networks that are never banned: proxies, monitors. */
  readonly never: readonly string[]
}

export const banDefaults: BanSettings = {
  threshold: 15,
  halfLifeMs: 10 * 60_000,
  banMs: 30 * 60_000,
  wrongLogin: 1,
  unknownUser: 2,
  nonsense: 2,
  turnedAway: 0.5,
  never: ['127.0.0.1', '::1'],
}

/** Rules that turn away who has done nothing: what they are about is others' doing, or has been paid for. */
const noOffences: ReadonlySet<string> = new Set(['ban', 'connections', 'ledger'])

/**
 * A ban, and when it is over in ticks, as the wall clock may jump back. What that says is the end as well: a machine that does not
 * know the time when it starts would keep what was banned before for years.
 */
interface Held {
  readonly ban: Ban
  readonly over: number
}

/** So many addresses have a score at once; the least bad are forgotten first. */
const mostScores = 100_000

/**
 * Who is banned. It is told of what happens like a log, and reckons a score for each address (a /64 of IPv6) that halves
 * with time; who has too much is banned for a while, longer each time while the score is still high.
 */
export class Bans implements Events {
  readonly #clock: Clock
  readonly #store: BanStore
  readonly #told: (ban: Ban) => void
  #settings: BanSettings
  #never = new NetworkMap<true>()
  #bans = new NetworkMap<Held>()
  /** The same by their networks as they are written. */
  #held = new Map<string, Held>()
  readonly #scores = new Map<string, Score>()

  constructor(clock: Clock, store: BanStore, settings: BanSettings, told: (ban: Ban) => void) {
    this.#clock = clock
    this.#store = store
    this.#told = told
    this.#settings = settings
    this.use(settings)
    this.reload()
  }

  /** Changes the settings; who is banned stays so. */
  use(settings: BanSettings): void {
    this.#settings = settings
    this.#never = new NetworkMap()
    for (const network of settings.never) this.#never.set(network, true)
  }

  /** Reads who is banned, and how bad everybody was, anew, as another program may have changed it. What is over is forgotten. */
  reload(): void {
    const known = this.#held
    this.#bans = new NetworkMap()
    this.#held = new Map()
    for (const ban of this.#store.bans()) {
      const over = this.#overAt(ban, known.get(ban.network))
      if (this.#holds({ ban, over })) this.#hold({ ban, over })
      else this.#store.removeBan(ban.network)
    }
    this.#scores.clear()
    for (const score of this.#store.scores()) this.#scores.set(score.address, score)
  }

  /** The ban that holds for an address. */
  of(address: string): Ban | undefined {
    const held = this.#bans.find(address)
    if (held === undefined) return undefined
    if (this.#holds(held)) return held.ban
    this.remove(held.ban.network)
    return this.of(address)
  }

  add(network: string, forMs: number | undefined, reason: string): boolean {
    const ends = forMs === undefined ? undefined : Math.round(this.#clock.now() + forMs)
    const ban = { network, ends, reason }
    if (!this.#hold({ ban, over: this.#overAt(ban) })) return false
    this.#store.putBan(ban)
    return true
  }

  remove(network: string): boolean {
    this.#store.removeBan(network)
    this.#held.delete(network)
    return this.#bans.delete(network)
  }

  emit(event: ServerEvent): void {
    // Whoever sends a datagram chooses its address: it must get nobody else banned, and forgive nothing.
    if ('protocol' in event && event.protocol === 'tftp') return
    switch (event.kind) {
      case 'login-failed':
        // An account that is full, or a database that does not answer, is nobody's offence.
        if (event.rule === 'credentials') this.#offence(event.peer.address, this.#settings.wrongLogin)
        if (event.rule === 'unknown user') this.#offence(event.peer.address, this.#settings.unknownUser)
        return
      case 'turned-away':
        if (event.rule === undefined || !noOffences.has(event.rule))
          this.#offence(event.peer.address, this.#settings.turnedAway)
        return
      case 'closed':
        if (event.nonsense === true) this.#offence(event.peer.address, this.#settings.nonsense)
        return
      case 'login':
        // What anybody gets proves nothing, and would take back what guessing costs.
        if (!guestNames.has(event.account)) this.#forgive(event.peer.address)
        return
      case 'listening':
      case 'connected':
      case 'download':
      case 'upload':
      case 'file':
      case 'refused':
      case 'said':
      case 'tls':
      case 'tls-failed':
      case 'published':
      case 'warning':
      case 'bug':
    }
  }

  /** False: it is no network. */
  #hold(held: Held): boolean {
    if (!this.#bans.set(held.ban.network, held)) return false
    this.#held.set(held.ban.network, held)
    return true
  }

  #holds({ ban: { ends = Infinity }, over }: Held): boolean {
    return over > this.#clock.ticks() && ends > this.#clock.now()
  }

  /** When a ban is over, in ticks; `known`: what was reckoned of one of its network before, which may be the same. */
  #overAt({ ends }: Ban, known?: Held): number {
    if (ends === undefined) return Infinity
    return known?.ban.ends === ends ? known.over : this.#clock.ticks() + ends - this.#clock.now()
  }

  #offence(address: string, points: number): void {
    const { threshold, banMs } = this.#settings
    if (threshold <= 0 || points <= 0 || this.#never.find(address) !== undefined) return
    const network = networkOf(address)
    const now = this.#clock.now()
    const score = this.#decayed(network, now) + points
    this.#keep({ address: network, score, at: now })
    if (score < threshold || this.of(address) !== undefined) return
    const times = Math.max(1, Math.floor(score / threshold))
    const ban = { network, ends: now + banMs * times, reason: `a score of ${score.toFixed(1)}` }
    this.add(network, banMs * times, ban.reason)
    this.#told(ban)
  }

  /** Who gets in mistyped before, and is no guesser; the half of it, as a guesser may have an account too. */
  #forgive(address: string): void {
    const network = networkOf(address)
    const known = this.#scores.get(network)
    if (known !== undefined) this.#keep({ ...known, score: known.score / 2 })
  }

  #decayed(network: string, now: number): number {
    const known = this.#scores.get(network)
    if (known === undefined) return 0
    // A clock that jumps back must not make a score grow.
    const age = Math.max(0, now - known.at)
    return known.score * 0.5 ** (age / this.#settings.halfLifeMs)
  }

  #keep(score: Score): void {
    this.#scores.delete(score.address)
    if (score.score < 0.1) return this.#store.removeScore(score.address)
    this.#scores.set(score.address, score)
    this.#store.putScore(score)
    if (this.#scores.size <= mostScores) return
    const [oldest] = this.#scores.keys()
    if (oldest === undefined) return
    this.#scores.delete(oldest)
    this.#store.removeScore(oldest)
  }
}
