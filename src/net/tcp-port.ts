import net from 'node:net'
import { canonicalAddress, isUnspecified } from '../core/address.ts'
import type { Conn, ListenOptions, Peer, Port } from '../core/network.ts'
import { networkError } from './network-error.ts'
import { SocketConn } from './socket-conn.ts'

/** A socket that somebody else has bound, by the number of its descriptor. */
export interface BoundSocket {
  readonly fd: number
}

/** Whether listeners can share a port here, with the system dealing out who comes (SO_REUSEPORT, as Node has it). */
export const canSharePorts = ['linux', 'freebsd', 'dragonfly', 'sunos', 'aix'].includes(process.platform)

/**
 * How many may wait to be accepted, where the system allows as many: who finds the queue full comes a second later, when TCP
 * asks again, and 4,096 are taken in less.
 */
const mostPending = 4096

/** Listens at an address, or on a socket that listens already. */
export function tcpPort(where: ListenOptions | BoundSocket, accept: (conn: Conn) => void): Promise<Port> {
  const place =
    'fd' in where ? where : { host: where.host, port: where.port, reusePort: where.share ?? false }
  const { forData = false, muchMayCome = forData, lost } = 'host' in where ? where : {}
  return new Promise((resolve, reject) => {
    let own: Peer | undefined
    const server = net.createServer(
      { ...everySocket, keepAlive: !forData, pauseOnConnect: true },
      (socket) => {
        // A peer that was gone before it was accepted has no address any more.
        if (socket.remoteAddress !== undefined)
          return accept(
            new SocketConn(socket, { lends: muchMayCome, ...(own === undefined ? {} : { local: own }) }),
          )
        socket.destroy()
        return lost?.()
      },
    )
    server.once('error', (error) => reject(networkError(error)))
    server.listen({ ...place, exclusive: true, backlog: mostPending }, () => {
      // Later errors are about one peer that could not be accepted (no descriptors left): the next may be.
      server.on('error', () => undefined)
      const local = server.address()
      if (local === null || typeof local === 'string') return reject(new Error('a port has an address'))
      const peer = { address: canonicalAddress(local.address), port: local.port }
      // Who listens at all addresses learns from each connection at which one it came.
      if (!isUnspecified(peer.address)) own = peer
      resolve({
        local: peer,
        async close() {
          if (server.listening) server.close()
        },
      })
    })
  })
}

/**
 * How every socket is: without delay, because the last part of a reply must not wait for an acknowledgement; kept alive,
 * because routers forget a control connection that is silent while data flows, some after half a minute.
 */
export const everySocket = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 20_000,
} as const
