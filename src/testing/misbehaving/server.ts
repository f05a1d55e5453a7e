import { systemClock, type Clock } from '../../core/clock.ts'
import type { Network, Port } from '../../core/network.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import type { FtpScript } from './script.ts'
import { Session } from './session.ts'

/** A server that does what a script says. */
export interface MisbehavingServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** `ftp://test:secret@host:port`; any name and password do. */
  readonly url: string
  /** The commands that came, in their order, of all connections. */
  readonly heard: readonly string[]
  /** How many control connections there were. */
  readonly connections: number
  /** What was stored, by path. */
  readonly stored: ReadonlyMap<string, Uint8Array>
  /** Ends it with all its sessions; `await using` does the same. */
  close(): Promise<void>
}

/** Where a misbehaving server runs; all of it may be left out. */
export interface MisbehavingServerOptions {
  /** The machine's own network if not said. */
  readonly network?: Network
  readonly clock?: Clock
}

/** Starts a server that misbehaves as the script says, on a free port of loopback: for tests of FTP clients. */
export async function misbehavingServer(
  script: FtpScript,
  options: MisbehavingServerOptions = {},
): Promise<MisbehavingServer> {
  const server = new Running(script, options.network ?? tcpNetwork(), options.clock ?? systemClock)
  await server.open()
  return server
}

const host = '127.0.0.1'

class Running implements MisbehavingServer {
  readonly host = host
  readonly heard: string[] = []
  readonly stored = new Map<string, Uint8Array>()
  readonly #script: FtpScript
  readonly #network: Network
  readonly #clock: Clock
  readonly #sessions = new Set<Session>()
  readonly #uses = new Map<string, number>()
  #connections = 0
  #listener: Port | undefined

  constructor(script: FtpScript, network: Network, clock: Clock) {
    this.#script = script
    this.#network = network
    this.#clock = clock
  }

  get port(): number {
    return this.#listener?.local.port ?? 0
  }

  get url(): string {
    return `ftp://test:secret@${host}:${this.port}`
  }

  get connections(): number {
    return this.#connections
  }

  async open(): Promise<void> {
    this.#listener = await this.#network.listen({ host, port: 0 }, (conn) => {
      this.#connections += 1
      const session = new Session(conn, {
        script: this.#script,
        network: this.#network,
        clock: this.#clock,
        heard: this.heard,
        stored: this.stored,
        uses: this.#uses,
      })
      this.#sessions.add(session)
      void session.run().finally(() => this.#sessions.delete(session))
    })
  }

  async close(): Promise<void> {
    await this.#listener?.close()
    for (const session of this.#sessions) session.end()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
