import type { Conn, ListenOptions, Network, Peer, Port } from '../../core/network.ts'

/** A listener whose connections can be awaited one by one. */
export interface Listening {
  readonly port: Port
  /** The next connection that came. */
  readonly next: () => Promise<Conn>
  /** How many came and were not taken by `next`. */
  readonly waiting: number
}

/** How long a connection to an address that answers may take. */
const connectMs = 10_000

/** One case's listeners and connections: all that it opened is ended with it. */
export class Scene {
  readonly network: Network
  /** The address that is listened on. */
  readonly host: string
  /** How many bytes make a large transfer here. */
  readonly bulk: number
  readonly #ports: Port[] = []
  readonly #conns: Conn[] = []

  constructor(network: Network, host: string, bulk: number) {
    this.network = network
    this.host = host
    this.bulk = bulk
  }

  async listen(options: Partial<ListenOptions> = {}): Promise<Listening> {
    const came: Conn[] = []
    const wanted: ((conn: Conn) => void)[] = []
    const port = await this.network.listen({ host: this.host, port: 0, ...options }, (conn) => {
      this.#conns.push(conn)
      const take = wanted.shift()
      if (take === undefined) came.push(conn)
      else take(conn)
    })
    this.#ports.push(port)
    return {
      port,
      next: async () => came.shift() ?? new Promise<Conn>((resolve) => wanted.push(resolve)),
      get waiting() {
        return came.length
      },
    }
  }

  async connect(to: Peer, more: { localAddress?: string; localPort?: number } = {}): Promise<Conn> {
    const conn = await this.network.connect({
      host: to.address,
      port: to.port,
      timeoutMs: connectMs,
      ...more,
    })
    this.#conns.push(conn)
    return conn
  }

  /** A connection's two ends: who connected, and who accepted. */
  async link(): Promise<readonly [near: Conn, far: Conn]> {
    const listening = await this.listen()
    const both = await Promise.all([this.connect(listening.port.local), listening.next()])
    await listening.port.close()
    return both
  }

  /** Ends these too. */
  keep(...conns: readonly Conn[]): void {
    this.#conns.push(...conns)
  }

  async end(): Promise<void> {
    for (const conn of this.#conns) conn.destroy()
    for (const port of this.#ports) await port.close()
  }
}
