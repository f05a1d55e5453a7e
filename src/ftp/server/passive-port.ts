import type { Clock, Timer } from '../../core/clock.ts'
import type { Conn, Port } from '../../core/network.ts'
import { Arrival, type Arrived } from './arrival.ts'
import { Lanes, type Guest } from './lanes.ts'
import { place, type Awaited, type Placement } from './place.ts'
import type { Tickets } from './tickets.ts'

/** A transfer that waits at a passive port. */
export interface Expected extends Awaited, Guest {
  /** Its command has come and is not ready for the connection yet. */
  readonly opening: boolean
  /** A connection has come that may be its own. */
  near(): void
  take(arrived: Arrived): void
  /** What came and may have been its own was refused; `over`: nothing else will come. */
  refused(why: string, over: boolean): void
}

/** What passive ports have in common. */
export interface PassiveHouse {
  readonly clock: Clock
  readonly tickets: Tickets
  /** How long a connection may be there without anybody knowing whose it is. */
  readonly longestMs: number
  /** Tells of a connection that was refused, and that nobody in particular waited for. */
  warn(text: string): void
  /** Several clients of this address could not be told apart. */
  distrust(address: string): void
  /** Whether sessions are likely to share a port: then none is kept for one of them. */
  readonly shared: boolean
}

interface Newcomer {
  readonly arrival: Arrival
  readonly timers: Timer[]
  unclear: boolean
}

/** Under TLS the client speaks first, within the time that a packet takes there and back. */
const patienceMs = 250

/** How long others may take to settle whose a connection is, by finding theirs. */
const longestUnclearMs = 5000

/**
 * For so many transfers and so long a session may keep a port: to make one costs as much as a small file. No longer, or
 * somebody of the same address could find it and be there first; and no longer than until a stranger has knocked.
 */
const mostKept = 64
const longestKeptMs = 2000

/** How many connections may wait to be known, besides a few for each transfer; then the oldest is cut. */
const mostStrangers = 64

/** One listening port, and the transfers that wait there for their connections. */
export class PassivePort {
  readonly lanes: Lanes
  readonly #house: PassiveHouse
  readonly #closed: () => void
  readonly #awaited = new Set<Expected>()
  readonly #newcomers = new Set<Newcomer>()
  readonly #since: number
  #port: Port | undefined
  #uses = 0
  #kept = false
  #found = false

  constructor(house: PassiveHouse, closed: () => void) {
    this.#house = house
    this.#closed = closed
    this.lanes = new Lanes(house.clock)
    this.#since = house.clock.ticks()
  }

  opened(port: Port): void {
    this.#port = port
  }

  get number(): number {
    return this.#port?.local.port ?? 0
  }

  /** How many wait here. */
  get size(): number {
    return this.#awaited.size
  }

  /** Whether the session that has kept it may wait here again: it is fresh, and nobody else is here. */
  get fresh(): boolean {
    const { clock, shared } = this.#house
    const young = this.#uses < mostKept && clock.ticks() - this.#since < longestKeptMs
    return young && !this.#found && !shared && this.#port !== undefined && this.lanes.empty
  }

  /** Stays open until somebody waits here again, or the session that keeps it has let it go. */
  keep(): void {
    this.#kept = true
  }

  async letGo(): Promise<void> {
    this.#kept = false
    await this.#closeIfEmpty()
  }

  /** Resolves once one may wait here for its connection; false: others of its address were before it for too long. */
  async enter(expected: Expected): Promise<boolean> {
    if (!(await this.lanes.enter(expected.address, expected))) return false
    this.#awaited.add(expected)
    this.#kept = false
    this.#uses += 1
    return true
  }

  /** It waits no longer. Safe to call twice. */
  async leave(expected: Expected): Promise<void> {
    this.#awaited.delete(expected)
    this.lanes.leave(expected.address, expected)
    this.settle()
    await this.#closeIfEmpty()
  }

  /** For the listener: a connection has come. */
  accept(conn: Conn): void {
    const newcomer: Newcomer = { arrival: new Arrival(conn), timers: [], unclear: false }
    this.#newcomers.add(newcomer)
    this.settle()
    if (!this.#newcomers.has(newcomer)) return
    this.#makeRoom()
    const { clock, longestMs, tickets } = this.#house
    newcomer.timers.push(
      clock.after(patienceMs, () => {
        newcomer.arrival.patient = true
        this.settle()
      }),
      clock.after(longestMs, () => this.#silent(newcomer)),
    )
    void newcomer.arrival.look(tickets, (gone) => {
      if (gone) this.#drop(newcomer)
      else this.settle()
    })
  }

  /**
   * For the listener: one came that was cut before it could be taken, and has no address. Where a single transfer waits, it was
   * probably meant for that.
   */
  lost(): void {
    const [only, ...others] = this.#awaited
    if (only === undefined || others.length > 0 || this.#house.shared) return
    this.#found = true
    only.refused('it was cut before it could be taken', false)
  }

  /** It has said nothing for long. Who was not told to begin yet says nothing. */
  #silent(newcomer: Newcomer): void {
    const { address } = newcomer.arrival
    const { clock, longestMs } = this.#house
    if ([...this.#awaited].some((one) => one.opening && one.address === address))
      newcomer.timers.push(clock.after(longestMs, () => this.#silent(newcomer)))
    else this.#refuse(newcomer, 'it has said nothing for too long')
  }

  /** Places all that can be placed; each that is may make another clear. */
  settle(): void {
    for (let changed = true; changed;) {
      changed = false
      for (const newcomer of this.#newcomers) changed = this.#place(newcomer) || changed
    }
    let hidden = false
    for (const { arrival, unclear } of this.#newcomers) {
      if (arrival.shown.kind !== 'hello') hidden = true
      if (unclear) this.lanes.stop(arrival.address, true)
    }
    if (hidden) for (const one of this.#awaited) if (one.proof !== undefined) one.near()
  }

  #place(newcomer: Newcomer): boolean {
    const { arrival } = newcomer
    const placed = place(arrival, [...this.#awaited])
    switch (placed.kind) {
      case 'wait':
        return false
      case 'unclear':
        return this.#unclear(newcomer, placed.among)
      case 'refuse':
        this.#refuse(newcomer, placed.why, placed.meant)
        return true
      case 'give':
        this.#give(newcomer, placed)
        return true
    }
  }

  #give(newcomer: Newcomer, { to }: Extract<Placement<Expected>, { kind: 'give' }>): void {
    const { arrival } = newcomer
    this.#forget(newcomer)
    this.#awaited.delete(to)
    this.lanes.leave(to.address, to)
    to.take(arrival.give(to.proof !== undefined))
    void this.#closeIfEmpty()
  }

  #refuse(newcomer: Newcomer, why: string, meant?: Expected): void {
    if (!this.#newcomers.has(newcomer)) return
    this.#drop(newcomer)
    this.#found = true
    if (meant === undefined) this.#house.warn(`a data connection was refused: ${why}`)
    else meant.refused(why, false)
  }

  /** Of those meant some may find theirs; then it is clear. Not where as many are unclear as there are transfers. */
  #unclear(newcomer: Newcomer, among: readonly Expected[]): boolean {
    const { address } = newcomer.arrival
    if (!newcomer.unclear) {
      newcomer.unclear = true
      newcomer.timers.push(this.#house.clock.after(longestUnclearMs, () => this.#giveUp(address)))
    }
    const alike = [...this.#newcomers].filter((one) => one.unclear && one.arrival.address === address)
    if (alike.length < among.length) return false
    this.#giveUp(address)
    return true
  }

  /** Nobody gets what may be another's. */
  #giveUp(address: string): void {
    const why = `several transfers of ${address} wait on port ${this.number}, and connections came that resume no TLS session`
    this.#house.distrust(address)
    for (const one of this.#newcomers) if (one.unclear && one.arrival.address === address) this.#drop(one)
    for (const one of this.#awaited)
      if (one.address === address && one.proof !== undefined) one.refused(why, true)
  }

  /** Those that no transfer has the address of go first. */
  #makeRoom(): void {
    if (this.#newcomers.size <= mostStrangers + 4 * this.#awaited.size) return
    const addresses = new Set([...this.#awaited].map(({ address }) => address))
    const all = [...this.#newcomers]
    const oldest = all.find(({ arrival }) => !addresses.has(arrival.address)) ?? all[0]
    if (oldest !== undefined) this.#refuse(oldest, 'too many connections wait to be known')
  }

  #drop(newcomer: Newcomer): void {
    this.#forget(newcomer)
    newcomer.arrival.give(true).conn.destroy(new Error('nobody waits for it'))
  }

  #forget(newcomer: Newcomer): void {
    this.#newcomers.delete(newcomer)
    for (const timer of newcomer.timers) timer.cancel()
    if (newcomer.unclear) this.lanes.stop(newcomer.arrival.address, false)
  }

  async #closeIfEmpty(): Promise<void> {
    if (this.#kept || this.#awaited.size > 0 || !this.lanes.empty || this.#port === undefined) return
    for (const newcomer of this.#newcomers) this.#drop(newcomer)
    const port = this.#port
    this.#port = undefined
    this.#closed()
    await port.close()
  }
}
