import type { Clock } from '../core/clock.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, Network, Peer } from '../core/network.ts'
import { NetworkMap } from '../core/network-map.ts'
import { readProxyHeader } from './proxy-header.ts'

/** A proxy says who is there at once; one that does not is none. */
const headerMs = 5000

/** Connections whose header has not come yet; more are cut. */
const mostWaiting = 10_000

/**
 * A network whose ports take the PROXY protocol from trusted proxies, on control and data connections alike. From those
 * it is required, as the specification wants it; from all others nothing of the kind is believed. Who is trusted is asked
 * for each connection.
 */
export function behindProxy(inner: Network, trusted: () => readonly string[], clock: Clock): Network {
  const isProxy = asked(trusted)
  let waiting = 0
  return {
    ...inner,
    listen: (options, accept) =>
      inner.listen(options, (conn) => {
        if (!isProxy(conn.remote.address)) return accept(conn)
        if (waiting >= mostWaiting)
          return conn.destroy(new NetworkError('failed', 'too many proxied connections wait'))
        waiting += 1
        introduced(conn, clock)
          .then(accept, (thrown: Error) => conn.destroy(thrown))
          .finally(() => {
            waiting -= 1
          })
          .catch(() => undefined) // What accepts must not throw, and has its own ways to tell.
        return undefined
      }),
  }
}

/** Whether an address is of these networks, which are read anew where they are others. */
function asked(trusted: () => readonly string[]): (address: string) => boolean {
  let read: readonly string[] = []
  let proxies = new NetworkMap<true>()
  return (address) => {
    const now = trusted()
    if (now !== read) {
      read = now
      proxies = new NetworkMap()
      for (const network of now) proxies.set(network, true)
    }
    return now.length > 0 && proxies.find(address) !== undefined
  }
}

/** The connection as the one it stands for. */
async function introduced(conn: Conn, clock: Clock): Promise<Conn> {
  const timer = clock.after(headerMs, () => conn.destroy(new NetworkError('timeout', 'no PROXY header came')))
  try {
    let bytes = Buffer.alloc(0)
    for (;;) {
      const pieces = await conn.read()
      if (pieces === undefined) throw new NetworkError('closed', 'the proxy left')
      bytes = Buffer.concat([bytes, ...pieces])
      const header = readProxyHeader(bytes)
      if (header === undefined) continue
      if (header === 'wrong') throw new NetworkError('failed', 'this is no PROXY header')
      const { remote } = header.peers === 'local' ? conn : header.peers
      return new IntroducedConn(conn, remote, bytes.subarray(header.used))
    }
  } finally {
    timer.cancel()
  }
}

/**
 * A connection from somebody else, with what came behind the header. Its own end stays what it is: data connections are
 * listened for there, and the address that the client dialled is the proxy's.
 */
class IntroducedConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly #inner: Conn
  #rest: Uint8Array | undefined

  constructor(inner: Conn, remote: Peer, rest: Uint8Array) {
    this.#inner = inner
    this.local = inner.local
    this.remote = remote
    this.#rest = rest.length === 0 ? undefined : rest
  }

  get secure(): boolean {
    return this.#inner.secure
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    const rest = this.#rest
    this.#rest = undefined
    return rest === undefined ? this.#inner.read() : Promise.resolve([rest])
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#inner.write(bytes)
  }

  end(): Promise<void> {
    return this.#inner.end()
  }

  destroy(reason?: Error): void {
    this.#inner.destroy(reason)
  }
}
