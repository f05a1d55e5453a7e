import { randomInt } from 'node:crypto'
import { NetworkError } from '../../core/error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Network, Port } from '../../core/network.ts'
import { PassivePort, type Expected, type PassiveHouse } from './passive-port.ts'
import type { FtpSettings, PortRange } from './settings.ts'
import { Tickets } from './tickets.ts'

/** Where passive ports are taken from when no range is set: the ports that IANA leaves to everyone. */
const anyRange: PortRange = { first: 49_152, last: 65_535 }

/** How many ports of a wide range are tried before giving up. */
const mostTries = 200

/** Fewer ports than this are shared before long. */
const fewPorts = 64

/** How many addresses are remembered whose clients could not be told apart. */
const mostDistrusted = 1000

/** What passive ports need of the server. */
export interface PassiveParts {
  readonly settings: FtpSettings
  readonly network: Network
  readonly clock: Clock
  readonly events: Events
}

/** The passive ports of a server: each transfer has one to itself while there are enough, and then they are shared. */
export class PassivePorts implements PassiveHouse {
  readonly tickets: Tickets
  readonly clock: Clock
  readonly longestMs: number
  readonly #parts: PassiveParts
  readonly #range: PortRange
  readonly #ports = new Map<string, Set<PassivePort>>()
  readonly #opening = new Set<Promise<unknown>>()
  readonly #distrusted = new Set<string>()

  /** `tickets` are those of the server: sessions outlive a change of its ports. */
  constructor(parts: PassiveParts, tickets = new Tickets()) {
    this.tickets = tickets
    const { passive, dataConnectMs } = parts.settings
    this.#parts = parts
    this.clock = parts.clock
    this.longestMs = dataConnectMs
    this.#range = typeof passive === 'string' ? anyRange : passive
  }

  /** Whether sessions are likely to share a port. */
  get shared(): boolean {
    return this.#size < fewPorts
  }

  /** Whether clients of this address were once mistaken for one another. */
  isDistrusted(address: string): boolean {
    return this.#distrusted.has(address)
  }

  /**
   * A port where a transfer may wait for its connection, at an address of ours: the one that its session has kept, if that
   * is fresh. Fails with `in-use` when others have all of the range, and with `timeout` when others of its address wait at
   * each for too long.
   */
  async reserve(host: string, expected: Expected, kept?: PassivePort): Promise<PassivePort> {
    if (kept?.fresh === true) {
      // Nobody is there, so there is room.
      void kept.enter(expected)
      return kept
    }
    await kept?.letGo()
    const own = this.#ownAt(host)
    if (own.size < this.#size) {
      const fresh = await this.#open(host, expected)
      if (fresh !== undefined) return fresh
    }
    const { first, last } = this.#range
    const port = choose(own, expected)
    if (port === undefined)
      throw new NetworkError('in-use', `all passive ports from ${first} to ${last} are taken`)
    if (await port.enter(expected)) return port
    const where =
      first === last ? `the one passive port, ${first},` : `each passive port from ${first} to ${last}`
    throw new NetworkError('timeout', `others of ${expected.address} wait at ${where} already`)
  }

  warn(text: string): void {
    this.#parts.events.emit({ kind: 'warning', protocol: 'ftp', text })
  }

  distrust(address: string): void {
    if (this.#distrusted.size < mostDistrusted) this.#distrusted.add(address)
  }

  get #size(): number {
    return this.#range.last - this.#range.first + 1
  }

  #ownAt(host: string): Set<PassivePort> {
    let own = this.#ports.get(host)
    if (own === undefined) this.#ports.set(host, (own = new Set()))
    return own
  }

  /** A port that nobody has yet; undefined: there is none, but others have opened some meanwhile. */
  async #open(host: string, expected: Expected): Promise<PassivePort | undefined> {
    const own = this.#ownAt(host)
    const port = new PassivePort(this, () => own.delete(port))
    // Nobody else knows it, so there is room.
    void port.enter(expected)
    const listening = this.#listen(host, port)
    this.#opening.add(listening)
    try {
      port.opened(await listening)
      own.add(port)
      return port
    } catch (thrown) {
      if (!(thrown instanceof NetworkError) || thrown.fault !== 'in-use') throw thrown
      await Promise.allSettled(this.#opening)
      return undefined
    } finally {
      this.#opening.delete(listening)
    }
  }

  /**
   * Listens on a port of the range chosen by chance, so that nobody can guess the next one and connect before its
   * owner (RFC 2577 §8). Fails with `in-use` when all that were tried are taken.
   */
  async #listen(host: string, port: PassivePort): Promise<Port> {
    const size = this.#size
    const start = randomInt(size)
    for (let tried = 0; tried < Math.min(size, mostTries); tried += 1) {
      const number = this.#range.first + ((start + tried) % size)
      try {
        const options = { host, port: number, forData: true, lost: () => port.lost() }
        return await this.#parts.network.listen(options, (conn) => port.accept(conn))
      } catch (thrown) {
        if (!(thrown instanceof NetworkError) || thrown.fault !== 'in-use') throw thrown
      }
    }
    throw new NetworkError('in-use', 'none is free')
  }
}

/** Where it need not wait its turn, and of those where fewest are. */
function choose(ports: Iterable<PassivePort>, { address, alone }: Expected): PassivePort | undefined {
  const score = (port: PassivePort): number => (port.lanes.full(address, alone) ? 1e6 : 0) + port.size
  let best: PassivePort | undefined
  for (const port of ports) if (best === undefined || score(port) < score(best)) best = port
  return best
}
