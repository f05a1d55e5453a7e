import { isDeepStrictEqual } from 'node:util'
import { blockPool } from '../../core/blocks.ts'
import { asError } from '../../core/error.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Conn, ListenOptions, Network, Peer, Port } from '../../core/network.ts'
import type { Door } from '../../core/session.ts'
import { formatReply, reply } from '../wire/reply.ts'
import { Announcer } from './announce.ts'
import { Conversation } from './conversation.ts'
import type { FtpHouse } from './house.ts'
import { PassivePorts } from './passive-ports.ts'
import { ftpDefaults, type FtpSettings } from './settings.ts'
import { Visit } from './visit.ts'

/** What an FTP server needs from the house it stands in. */
export interface FtpServerOptions {
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly settings?: Partial<FtpSettings>
}

/** A running FTP server. */
export interface FtpServer {
  readonly listeners: readonly { readonly protocol: 'ftp' | 'ftps'; readonly local: Peer }[]
  /**
   * Takes clients in at an address: `ftp` asks for TLS by AUTH, with `ftps` it begins with the connection. Closing the port
   * ends no session.
   */
  open(protocol: 'ftp' | 'ftps', listen: ListenOptions): Promise<Port>
  /** Takes other settings. What of TLS was agreed on a connection stays so. */
  change(settings: Partial<FtpSettings>): void
  /** How many control connections there are. */
  readonly sessions: number
  /** Takes nobody in any more, lets running transfers end for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Makes an FTP server, which takes nobody in before a door is opened. */
export function serveFtp(options: FtpServerOptions): FtpServer {
  return new House(options)
}

/** How often sessions are looked through for those that have been silent too long. */
const sweepMs = 1000

/** How long a good-bye may take. */
const farewellMs = 5000

class House implements FtpHouse, FtpServer {
  settings: FtpSettings
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly blocks = blockPool()
  announcer: Announcer
  passive: PassivePorts
  readonly #visits = new Set<Visit>()
  readonly #doors = new Set<{ readonly protocol: 'ftp' | 'ftps'; readonly port: Port }>()
  #sweep: Timer | undefined
  #draining = false
  #emptied: (() => void) | undefined

  constructor(options: FtpServerOptions) {
    this.settings = { ...ftpDefaults, ...options.settings }
    this.network = options.network
    this.clock = options.clock
    this.door = options.door
    this.events = options.events
    this.announcer = new Announcer(this.settings, this.network, this.clock)
    this.passive = new PassivePorts(this)
  }

  get visits(): ReadonlySet<Visit> {
    return this.#visits
  }

  get sessions(): number {
    return this.#visits.size
  }

  get listeners(): readonly { protocol: 'ftp' | 'ftps'; local: Peer }[] {
    return [...this.#doors].map(({ protocol, port }) => ({ protocol, local: port.local }))
  }

  async open(protocol: 'ftp' | 'ftps', listen: ListenOptions): Promise<Port> {
    const port = await this.network.listen(listen, (conn) => this.finish(this.#welcome(protocol, conn)))
    const door = { protocol, port }
    this.#doors.add(door)
    this.events.emit({ kind: 'listening', protocol, local: port.local })
    if (this.#sweep === undefined) {
      this.#sweepLater()
      this.finish(this.#lookAtAddress())
    }
    return {
      local: port.local,
      close: () => {
        this.#doors.delete(door)
        return port.close()
      },
    }
  }

  change(settings: Partial<FtpSettings>): void {
    const { passive, dataConnectMs, publicAddress } = this.settings
    this.settings = { ...ftpDefaults, ...settings }
    this.announcer = new Announcer(this.settings, this.network, this.clock)
    if (this.settings.publicAddress !== publicAddress) this.finish(this.#lookAtAddress())
    // Those who wait at the old ports are still found there.
    const isSame = isDeepStrictEqual(
      [this.settings.passive, this.settings.dataConnectMs],
      [passive, dataConnectMs],
    )
    if (!isSame) this.passive = new PassivePorts(this, this.passive.tickets)
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true
    await this.#closeDoors()
    for (const visit of this.#visits) {
      visit.farewell = reply(421, 'The server is being stopped, come back later.')
      visit.quit = true
      if (visit.running === undefined) this.finish(this.#sendAway(visit))
    }
    if (this.#visits.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = this.clock.after(graceMs, resolve)
        this.#emptied = () => {
          timer.cancel()
          resolve()
        }
      })
    }
    await this.close()
  }

  async close(): Promise<void> {
    this.#draining = true
    this.#sweep?.cancel()
    for (const visit of this.#visits) visit.end('the server was stopped')
    await this.#closeDoors()
  }

  finish(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => {
      const error = asError(thrown)
      this.events.emit({ kind: 'bug', text: error.stack ?? error.message })
    })
  }

  /** A slip in the name is told at once, and not when the first client from outside has been led astray. */
  async #lookAtAddress(): Promise<void> {
    const text = await this.announcer.fault()
    if (text !== undefined) this.events.emit({ kind: 'warning', protocol: 'ftp', text })
  }

  async #closeDoors(): Promise<void> {
    for (const { port } of this.#doors) await port.close()
  }

  async #welcome(protocol: 'ftp' | 'ftps', conn: Conn): Promise<void> {
    const visitor = await this.door.enter(protocol, conn.remote)
    if ('refused' in visitor) {
      if (protocol === 'ftp') await this.#turnAway(conn, visitor.text)
      else conn.destroy() // Before its handshake it understands no reply.
      return
    }
    const visit = new Visit(this, conn, visitor, protocol)
    this.#visits.add(visit)
    if (this.#draining) visit.end('the server was stopped')
    else await new Conversation(visit).run()
    this.#visits.delete(visit)
    if (this.#visits.size === 0) this.#emptied?.()
  }

  async #turnAway(conn: Conn, text: string): Promise<void> {
    try {
      await conn.write(formatReply(reply(421, text)))
      await conn.end()
    } catch {
      // Gone already; the door has told the log.
    }
    conn.destroy()
  }

  async #sendAway(visit: Visit): Promise<void> {
    if (visit.farewell !== undefined) await visit.say(visit.farewell)
    visit.end('the server was stopped')
  }

  #sweepLater(): void {
    this.#sweep = this.clock.after(sweepMs, () => {
      const now = this.clock.ticks()
      for (const visit of this.#visits) {
        visit.login?.data.tidy()
        this.#endIfSilent(visit, now - visit.activity)
      }
      if (!this.#draining || this.#visits.size > 0) this.#sweepLater()
    })
  }

  #endIfSilent(visit: Visit, silentMs: number): void {
    const { running } = visit
    if (running === undefined) {
      if (silentMs > visit.idleMs) this.finish(this.#timeOut(visit))
    } else if (silentMs > this.settings.stallMs) {
      running.abort.abort(new Error(`nothing has moved for ${Math.round(silentMs / 1000)} s`))
      visit.touch()
    }
  }

  async #timeOut(visit: Visit): Promise<void> {
    visit.touch()
    const seconds = Math.round(visit.idleMs / 1000)
    const text =
      visit.login === undefined ? `No login within ${seconds} s.` : `Nothing was said for ${seconds} s.`
    // A client that is gone takes no good-bye, and must not keep its place by that.
    const late = this.clock.after(farewellMs, () => visit.end('silent too long'))
    await visit.say(reply(421, text))
    late.cancel()
    visit.end('silent too long')
  }
}
