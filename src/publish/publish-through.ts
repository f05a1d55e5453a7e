import { canonicalAddress, familyOf, isUnspecified } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { asError, NetworkError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Conn, ConnectOptions, Datagrams, ListenOptions, Network, Peer, Port } from '../core/network.ts'
import type { SecureClient, SecureConn, SecureServer } from '../core/tls.ts'
import type { SshConnection } from '../ssh/client/connection.ts'
import type { Dialled } from '../ssh/client/dial.ts'
import { farConn } from './far-conn.ts'
import { FarLink } from './far-link.ts'
import { FarPort } from './far-port.ts'
import { inTime } from './in-time.ts'
import { probe } from './probe.ts'

/** How to get to an SSH host, and as what to be seen there. */
export interface PublishOptions {
  /** This machine's own. */
  readonly network: Network
  readonly clock: Clock
  readonly events: Events
  /** The name or address that clients reach the SSH host by. */
  readonly host: string
  /** Whether a port that was chosen by chance may be another one there: the SSH host knows which are free. */
  readonly anyPort?: boolean
  /** Connects and logs in, each time anew. Must allow as many channels as there may be connections. */
  dial(signal: AbortSignal): Promise<Dialled>
}

/** A network whose ports are an SSH host's: who connects there is here. */
export interface Published extends Network {
  readonly host: string
  /**
   * Connects. Why it does not stand yet comes back where it is tried again by and by: what is listened on meanwhile opens then.
   * Rejects where the host does not let us in, or is not to be trusted.
   */
  begin(): Promise<NetworkError | undefined>
  /** Connects to a port there from here, as a client would (0: any); what stands in the way, as a sentence. */
  probe(port: number): Promise<string | undefined>
  end(): Promise<void>
}

/** Makes a network of the ports of an SSH host that listens for us. Nothing is connected before `begin`. */
export function publishThrough(options: PublishOptions): Published {
  return new FarNetwork(options)
}

/** From here on ports are nobody's (RFC 6335 §6), and servers choose among them by chance. */
const firstLoosePort = 49_152

/** One refused port after the other are not all taken: whoever looks for a free one is told to stop. */
const mostRefusals = 8

class FarNetwork implements Published {
  readonly host: string
  readonly #options: PublishOptions
  readonly #link: FarLink
  readonly #ports = new Set<FarPort>()
  readonly #open = new Set<Conn>()
  #addresses: readonly string[] = []
  #lostAt: number | undefined
  #lastTrouble = ''
  #refusals = 0

  constructor(options: PublishOptions) {
    this.#options = options
    this.host = options.host
    this.#link = new FarLink({
      clock: options.clock,
      dial: (signal) => options.dial(signal),
      stands: (ssh) => this.#stands(ssh),
      lost: (reason) => this.#lost(reason),
      tried: (reason) => this.#tried(reason),
    })
  }

  async begin(): Promise<NetworkError | undefined> {
    const trouble = await this.#link.begin()
    if (trouble === undefined) return undefined
    this.#lostAt = this.#options.clock.ticks()
    this.#lastTrouble = trouble.message
    return trouble
  }

  async end(): Promise<void> {
    for (const port of this.#ports) port.close()
    await this.#link.end()
  }

  async probe(port: number): Promise<string | undefined> {
    const { ssh } = this.#link
    if (ssh === undefined) return undefined
    const [address = this.host] = this.#addresses
    return probe({
      ssh,
      network: this.#options.network,
      clock: this.#options.clock,
      host: this.host,
      address,
      port,
    })
  }

  async listen({ host, port }: ListenOptions, accept: (conn: Conn) => void): Promise<Port> {
    const far = new FarPort({
      clock: this.#options.clock,
      events: this.#options.events,
      host: this.host,
      wanted: port >= firstLoosePort && this.#options.anyPort === true ? 0 : port,
      at: () => this.#allOf(host),
      accept: (channel, at, from) =>
        accept(this.#conn(channel, { address: this.#near(from.address), port: at }, from)),
      closed: () => this.#ports.delete(far),
    })
    this.#ports.add(far)
    const { ssh } = this.#link
    if (ssh !== undefined) await this.#openNow(far, ssh)
    const address = this.#near('0.0.0.0')
    return {
      get local() {
        return { address, port: far.number }
      },
      close: async () => far.close(),
    }
  }

  async connect({ host, port, signal, timeoutMs }: ConnectOptions): Promise<Conn> {
    const { ssh } = this.#link
    if (ssh === undefined) throw new NetworkError('closed', `the way through ${this.host} is lost`)
    const channel = await inTime(ssh.openDirect(host, port), {
      clock: this.#options.clock,
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    })
    return this.#conn(
      channel,
      { address: this.#near(host), port: 0 },
      { address: canonicalAddress(host), port },
    )
  }

  secure(conn: Conn, how: SecureServer | SecureClient): Promise<SecureConn> {
    return this.#options.network.secure(conn, how)
  }

  async datagrams(): Promise<Datagrams> {
    throw new NetworkError('failed', 'datagrams do not go through SSH')
  }

  /** Those that clients know the SSH host by. */
  addresses(): readonly string[] {
    return this.#addresses
  }

  lookup(host: string): Promise<readonly string[]> {
    return this.#options.network.lookup(host)
  }

  /**
   * All addresses of a family, of both for a door. Not an empty one, though RFC 4254 §7.1 has it for that: sshd is content where
   * one family's port is taken by somebody else, and clients of that family would be with them.
   */
  #allOf(host: string): readonly string[] {
    if (!isUnspecified(host)) return [familyOf(host) === 6 ? '::' : '0.0.0.0']
    const all = [...new Set(this.#addresses.map((address) => (familyOf(address) === 6 ? '::' : '0.0.0.0')))]
    return all.length === 0 ? ['0.0.0.0'] : all.toSorted()
  }

  async #openNow(far: FarPort, ssh: SshConnection): Promise<void> {
    try {
      await far.open(ssh)
      this.#refusals = 0
    } catch (thrown) {
      this.#refusals += 1
      if (!(thrown instanceof NetworkError) || this.#refusals < mostRefusals) throw thrown
      throw new NetworkError('not-permitted', thrown.message, { cause: thrown })
    }
  }

  #conn(channel: Conn, local: Peer, remote: Peer): Conn {
    const conn = farConn(channel, local, remote, () => this.#open.delete(conn))
    this.#open.add(conn)
    return conn
  }

  /** The address of the SSH host that a client of this address sees. */
  #near(remote: string): string {
    const family = familyOf(remote)
    return this.#addresses.find((address) => familyOf(address) === family) ?? this.#addresses[0] ?? this.host
  }

  async #stands(ssh: SshConnection): Promise<void> {
    const { network, clock, events } = this.#options
    this.#addresses = await network.lookup(this.host)
    for (const port of this.#ports) port.openSoon(ssh)
    this.#lastTrouble = ''
    if (this.#lostAt === undefined) return
    const seconds = Math.round((clock.ticks() - this.#lostAt) / 1000)
    this.#lostAt = undefined
    events.emit({
      kind: 'published',
      up: true,
      text: `the way through ${this.host} stands, after ${seconds} s`,
    })
  }

  #lost(reason: Error): void {
    const { clock, events } = this.#options
    this.#lostAt = clock.ticks()
    const ended = this.#open.size === 1 ? '1 connection ended' : `${this.#open.size} connections ended`
    const text = `the way through ${this.host} is lost: ${reason.message}. ${ended}; it is tried again`
    events.emit({ kind: 'published', up: false, text })
  }

  #tried(reason: Error): void {
    const { message } = asError(reason)
    // A night without network is one line of the log.
    if (message === this.#lastTrouble) return
    this.#lastTrouble = message
    const text = `there is no way through ${this.host} yet: ${message}; it is tried again`
    this.#options.events.emit({ kind: 'published', up: false, text })
  }
}
