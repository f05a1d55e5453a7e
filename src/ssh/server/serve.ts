import type { Clock, Timer } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { Conn, ListenOptions, Network, Peer, Port } from '../../core/network.ts'
import type { Door } from '../../core/session.ts'
import type { Signer } from '../signer.ts'
import { byAlgorithm } from './host-keys.ts'
import type { Services, SshHouse } from './house.ts'
import { sshDefaults, type SshSettings } from './settings.ts'
import { Visit } from './visit.ts'

/** What an SSH server needs from the house it stands in. */
export interface SshServerOptions {
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly hostKeys: readonly Signer[]
  readonly services: Services
  readonly settings?: Partial<SshSettings>
}

/** A running SSH server. */
export interface SshServer {
  readonly listeners: readonly Peer[]
  /** Takes clients in at an address. Closing the port ends no session. */
  open(listen: ListenOptions): Promise<Port>
  /** Takes other settings, keys and services for whoever comes from now on. */
  change(to: Pick<SshServerOptions, 'hostKeys' | 'services' | 'settings'>): void
  /** How many connections there are. */
  readonly sessions: number
  /** Takes nobody in any more, lets those who are at work go on for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Makes an SSH server, which takes nobody in before a port is opened. */
export function serveSsh(options: SshServerOptions): SshServer {
  return new House(options)
}

/** How often connections are looked through for those that have been silent too long. */
const sweepMs = 1000

/** While the server is being stopped, who was silent for so long is not at work. */
const quietMs = 1000

class House implements SshHouse, SshServer {
  settings: SshSettings
  readonly clock: Clock
  readonly network: Network
  readonly events: Events
  hostKeys: readonly Signer[]
  services: Services
  #byAlgorithm: ReadonlyMap<string, Signer>
  readonly #door: Door
  readonly #visits = new Set<Visit>()
  readonly #ports = new Set<Port>()
  #sweep: Timer | undefined
  #draining = false
  #emptied: (() => void) | undefined

  constructor(options: SshServerOptions) {
    this.settings = { ...sshDefaults, ...options.settings }
    this.clock = options.clock
    this.network = options.network
    this.events = options.events
    this.hostKeys = options.hostKeys
    this.services = options.services
    this.#byAlgorithm = byAlgorithm(options.hostKeys)
    this.#door = options.door
  }

  get sessions(): number {
    return this.#visits.size
  }

  get listeners(): readonly Peer[] {
    return [...this.#ports].map(({ local }) => local)
  }

  async open(listen: ListenOptions): Promise<Port> {
    const port = await this.network.listen({ ...listen, muchMayCome: true }, (conn) =>
      this.finish(this.#welcome(conn, listen.host)),
    )
    this.#ports.add(port)
    this.events.emit({ kind: 'listening', protocol: 'sftp', local: port.local })
    if (this.#sweep === undefined) this.#sweepLater()
    return {
      local: port.local,
      close: () => {
        this.#ports.delete(port)
        return port.close()
      },
    }
  }

  change({
    hostKeys,
    services,
    settings,
  }: Pick<SshServerOptions, 'hostKeys' | 'services' | 'settings'>): void {
    this.settings = { ...sshDefaults, ...settings }
    this.hostKeys = hostKeys
    this.#byAlgorithm = byAlgorithm(hostKeys)
    this.services = services
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true
    await this.#closePorts()
    this.#endQuiet()
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
    for (const visit of this.#visits) visit.end('The server was stopped.')
    await this.#closePorts()
  }

  finish(work: Promise<unknown>): void {
    work.catch((thrown: unknown) => {
      const error = asError(thrown)
      this.events.emit({ kind: 'bug', text: error.stack ?? error.message })
    })
  }

  async #closePorts(): Promise<void> {
    for (const port of this.#ports) await port.close()
  }

  async #welcome(conn: Conn, host: string): Promise<void> {
    const visitor = await this.#door.enter('sftp', conn.remote)
    if ('refused' in visitor) {
      await turnAway(conn, visitor.text)
      return
    }
    const visit = new Visit({ house: this, conn, visitor, hostKeys: this.#byAlgorithm, host })
    this.#visits.add(visit)
    const talk = visit.run()
    if (this.#draining) visit.end('The server was stopped.')
    await talk
    this.#visits.delete(visit)
    if (this.#visits.size === 0) this.#emptied?.()
  }

  #sweepLater(): void {
    this.#sweep = this.clock.after(sweepMs, () => {
      for (const visit of this.#visits) visit.tick()
      if (this.#draining) this.#endQuiet()
      this.#sweepLater()
    })
  }

  #endQuiet(): void {
    for (const visit of this.#visits) if (visit.silentMs >= quietMs) visit.end('The server is being stopped.')
  }
}

/** A server may say lines before its version (RFC 4253 §4.2): ssh shows them with -v. */
async function turnAway(conn: Conn, text: string): Promise<void> {
  try {
    await conn.write(Buffer.from(`${text}\r\n`))
    await conn.end()
  } catch {
    // Gone already; the door has told the log.
  }
  conn.destroy()
}
