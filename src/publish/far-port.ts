import type { Clock, Timer } from '../core/clock.ts'
import { asError, NetworkError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Conn, Peer } from '../core/network.ts'
import type { SshConnection } from '../ssh/client/connection.ts'
import type { ForwardedPort } from '../ssh/client/forwards.ts'

/** What a port at an SSH host is for. */
export interface FarPortParts {
  readonly clock: Clock
  readonly events: Events
  readonly host: string
  /** 0: any. */
  readonly wanted: number
  /** The addresses to listen on there: the first is a must, the others are taken where the host gives them. */
  readonly at: () => readonly string[]
  /** A connection has come to this port, from there. */
  accept(channel: Conn, port: number, from: Peer): void
  closed(): void
}

const firstWaitMs = 2000
const longestWaitMs = 60_000

/** A port that an SSH host listens on for us, over one connection after the other until it is closed. */
export class FarPort {
  readonly #parts: FarPortParts
  #number: number
  #inner: readonly ForwardedPort[] = []
  #closed = false
  #retry: Timer | undefined

  constructor(parts: FarPortParts) {
    this.#parts = parts
    this.#number = parts.wanted
  }

  /** 0 where any would do and none was given yet. */
  get number(): number {
    return this.#number
  }

  /** Opens it; where that fails it is closed. */
  async open(ssh: SshConnection): Promise<void> {
    try {
      await this.#listen(ssh)
    } catch (thrown) {
      this.close()
      throw thrown
    }
  }

  /** Opens it over a new connection, again and again while the old one holds its place. */
  openSoon(ssh: SshConnection, waitMs = firstWaitMs): void {
    const { clock, events } = this.#parts
    this.#retry?.cancel()
    this.#inner = []
    this.#listen(ssh).catch((thrown: unknown) => {
      if (this.#closed || ssh.signal.aborted) return
      if (waitMs === firstWaitMs)
        events.emit({ kind: 'warning', text: `${asError(thrown).message}; it is tried again` })
      const next = Math.min(waitMs * 2, longestWaitMs)
      this.#retry = clock.after(waitMs, () => this.openSoon(ssh, next))
    })
  }

  /** Nobody waits for the answer: what is asked for behind it comes behind it, and a host that is lost gives none. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#retry?.cancel()
    this.#parts.closed()
    for (const one of this.#inner) void one.close()
  }

  async #listen(ssh: SshConnection): Promise<void> {
    const { host } = this.#parts
    const [first = '', ...others] = this.#parts.at()
    try {
      await this.#listenAt(ssh, first)
    } catch (thrown) {
      throw thrown instanceof NetworkError && thrown.fault === 'refused'
        ? new NetworkError('in-use', refusal(host, this.#number), { cause: thrown })
        : thrown
    }
    for (const other of others) {
      try {
        await this.#listenAt(ssh, other)
      } catch {
        // With "GatewayPorts yes" the first is all of them already.
      }
    }
  }

  async #listenAt(ssh: SshConnection, address: string): Promise<void> {
    const inner = await ssh.listen(address, this.#number, (channel, from) =>
      this.#parts.accept(channel, this.#number, from),
    )
    this.#number = inner.port
    this.#inner = [...this.#inner, inner]
    if (this.#closed) void inner.close()
  }
}

/** SSH says no, and not why. */
function refusal(host: string, port: number): string {
  const low = port > 0 && port < 1024 ? ', or ports below 1024 are for its root alone' : ''
  return `${host} does not listen on port ${port} for us: the port is taken there, or it is not allowed (AllowTcpForwarding and PermitListen of sshd)${low}`
}
