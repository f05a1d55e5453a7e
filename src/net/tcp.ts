import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { canonicalAddress } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, ConnectOptions, ListenOptions, Network, Port } from '../core/network.ts'
import { networkError } from './network-error.ts'
import { SocketConn } from './socket-conn.ts'
import { secure } from './tls.ts'
import { datagrams, localAddresses } from './udp.ts'

/**
 * The machine's own network. No delay, because the last part of a reply must not wait for an acknowledgement; keep-alive,
 * because routers forget a control connection that is silent while data flows, some after half a minute.
 */
export function tcpNetwork(): Network {
  return { listen, connect, secure, lookup: addressesOf, datagrams, addresses: localAddresses }
}

const everySocket = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 20_000,
} as const

function listen({ host, port, share = false }: ListenOptions, accept: (conn: Conn) => void): Promise<Port> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ ...everySocket, pauseOnConnect: true }, (socket) => {
      // A peer that was gone before it was accepted has no address any more.
      if (socket.remoteAddress === undefined) socket.destroy()
      else accept(new SocketConn(socket))
    })
    server.once('error', (error) => reject(networkError(error)))
    server.listen({ host, port, exclusive: true, reusePort: share, backlog: 1024 }, () => {
      // Later errors are about one peer that could not be accepted (no descriptors left): the next may be.
      server.on('error', () => undefined)
      const local = server.address()
      if (local === null || typeof local === 'string') return reject(new Error('a port has an address'))
      resolve({
        local: { address: canonicalAddress(local.address), port: local.port },
        async close() {
          if (server.listening) server.close()
        },
      })
    })
  })
}

function connect(options: ConnectOptions): Promise<Conn> {
  const { host, port, localAddress, localPort, idles = false, signal, timeoutMs } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new NetworkError('aborted', 'stopped'))
    const socket = net.connect({
      ...everySocket,
      keepAlive: !idles,
      host,
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
    })
    const giveUp = (error: NetworkError): void => {
      signal?.removeEventListener('abort', stop)
      socket.destroy()
      reject(error)
    }
    const stop = (): void => giveUp(new NetworkError('aborted', 'stopped'))
    const refuse = (error: Error): void => giveUp(networkError(error))
    socket.setTimeout(timeoutMs, () => giveUp(new NetworkError('timeout', 'no answer came')))
    socket.once('error', refuse)
    signal?.addEventListener('abort', stop, { once: true })
    socket.once('connect', () => {
      signal?.removeEventListener('abort', stop)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      const conn = new SocketConn(socket)
      socket.off('error', refuse)
      resolve(conn)
    })
  })
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true, order: 'ipv4first' })
    return found.map(({ address }) => canonicalAddress(address))
  } catch (thrown) {
    throw networkError(thrown)
  }
}
