import { canonicalAddress, familyOf, isUnspecified } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type {
  Conn,
  ConnectOptions,
  Datagrams,
  ListenOptions,
  Network,
  Port,
  ReceiveDatagram,
  Peer,
} from '../core/network.ts'
import type { SecureClient, SecureConn, SecureServer } from '../core/tls.ts'
import { MemoryConn, type Chop } from './memory-conn.ts'
import { MemoryPost, type Carry } from './memory-datagrams.ts'
import { secure } from './tls.ts'

/** What a network in memory knows, and how it carries. */
export interface MemoryNetworkOptions {
  readonly chop?: Chop
  /** Host names and their addresses. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>
  /** The addresses of the machine that is imagined. */
  readonly addresses?: readonly string[]
  /** How datagrams travel: at once and all of them, if nothing is said. */
  readonly carry?: Carry
}

/** How many listeners there are, and how many accepted connections that the accepting side has not destroyed. */
export interface OpenCounts {
  readonly ports: number
  readonly accepted: number
}

/** A network without sockets: any address may be connected from and to, and nothing leaves the process. */
export interface MemoryNetwork extends Network {
  readonly open: OpenCounts
  /** How many places for datagrams there are. */
  readonly openDatagrams: number
  /** Connects to a port, and cuts the connection before it could be taken. */
  lose(to: Peer): void
}

/** Makes a network of its own. */
export function memoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  return new Memory(options)
}

type Accept = (conn: Conn) => void

/** Where ports that were not asked for by number begin. */
const firstFreePort = 32_768

class Memory implements MemoryNetwork {
  readonly #options: MemoryNetworkOptions
  readonly #ports = new Map<string, Accept>()
  readonly #lost = new Map<Accept, () => void>()
  readonly #post: MemoryPost
  #nextPort = firstFreePort
  #accepted = 0

  constructor(options: MemoryNetworkOptions) {
    this.#options = options
    this.#post = new MemoryPost(options.carry)
  }

  get open(): OpenCounts {
    return { ports: this.#ports.size, accepted: this.#accepted }
  }

  get openDatagrams(): number {
    return this.#post.open
  }

  async listen({ host, port: wanted, lost }: ListenOptions, accept: Accept): Promise<Port> {
    const port = wanted === 0 ? this.#freePort(host) : wanted
    const key = `${host} ${port}`
    if (this.#ports.has(key)) throw new NetworkError('in-use', 'the port is taken')
    this.#ports.set(key, accept)
    if (lost !== undefined) this.#lost.set(accept, lost)
    return {
      local: { address: host, port },
      close: async () => {
        if (this.#ports.get(key) === accept) this.#ports.delete(key)
        this.#lost.delete(accept)
      },
    }
  }

  async connect({ host, port, localAddress, localPort, signal }: ConnectOptions): Promise<Conn> {
    // No connection stands at once: whoever changes their mind in time has none.
    await Promise.resolve()
    if (signal?.aborted === true) throw new NetworkError('aborted', 'stopped')
    const accept = this.#acceptFor(host, port)
    if (accept === undefined) throw new NetworkError('refused', 'nothing listens there')
    const address = localAddress ?? '127.0.0.1'
    const near = { address, port: localPort ?? this.#freePort(address) }
    const far = { address: host, port }
    const chop = this.#options.chop ?? 'whole'
    const client = new MemoryConn(near, far, chop)
    const server = new MemoryConn(far, near, chop, () => {
      this.#accepted -= 1
    })
    this.#accepted += 1
    client.join(server)
    accept(server)
    return client
  }

  lose({ address, port }: Peer): void {
    const accept = this.#acceptFor(address, port)
    if (accept !== undefined) this.#lost.get(accept)?.()
  }

  secure(conn: Conn, how: SecureServer | SecureClient): Promise<SecureConn> {
    return secure(conn, how)
  }

  async datagrams({ host, port }: ListenOptions, receive: ReceiveDatagram): Promise<Datagrams> {
    return this.#post.at({ address: host, port: port === 0 ? this.#freePort(host) : port }, receive)
  }

  addresses(): readonly string[] {
    return this.#options.addresses ?? ['127.0.0.1']
  }

  async lookup(host: string): Promise<readonly string[]> {
    if (familyOf(host) !== undefined) return [canonicalAddress(host)]
    const addresses = this.#options.hosts?.[host]
    if (addresses === undefined) throw new NetworkError('not-found', 'the name is not known')
    return addresses
  }

  #acceptFor(host: string, port: number): Accept | undefined {
    const exact = this.#ports.get(`${host} ${port}`)
    if (exact !== undefined) return exact
    for (const [key, accept] of this.#ports) {
      const [address = '', listening] = key.split(' ')
      if (isUnspecified(address) && Number(listening) === port) return accept
    }
    return undefined
  }

  #freePort(address: string): number {
    for (let tried = firstFreePort; tried <= 65_535; tried += 1) {
      this.#nextPort = this.#nextPort >= 65_535 ? firstFreePort : this.#nextPort + 1
      if (!this.#ports.has(`${address} ${this.#nextPort}`)) return this.#nextPort
    }
    throw new NetworkError('in-use', 'all ports are taken')
  }
}
