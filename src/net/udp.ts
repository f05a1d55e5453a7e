import dgram from 'node:dgram'
import { canonicalAddress, familyOf } from '../core/address.ts'
import type { DatagramOptions, Datagrams, Peer, ReceiveDatagram } from '../core/network.ts'
import { networkError } from './network-error.ts'
import type { BoundSocket } from './tcp-port.ts'

/** What the system is asked to hold for a slow reader: a window that overruns it costs a timeout. */
const socketBuffer = 4 * 1024 * 1024

/** A UDP socket. */
export interface UdpPlace extends Datagrams {
  /** Speaks to this peer alone from here on, and hears no other. */
  settle(peer: Peer): Promise<void>
}

interface UdpOptions extends DatagramOptions {
  /** Whether another socket that says so too may have the same port: who is connected hears its peer. */
  readonly sharedPort?: boolean
}

/** Opens a UDP socket at one address. */
export function datagrams(
  { host, port, share = false, sharedPort = false, peer, refused }: UdpOptions,
  receive: ReceiveDatagram,
): Promise<UdpPlace> {
  return new Promise((resolve, reject) => {
    const family = familyOf(host) ?? 4
    const socket = socketOf(family, (address) => address, { reusePort: share, reuseAddr: sharedPort })
    listen(socket, { receive, refused }, reject, () => {
      const place = placeOf(socket)
      if (peer === undefined) resolve(place)
      else place.settle(peer).then(() => resolve(place), reject)
    })
    socket.bind({ address: host, port, exclusive: true })
  })
}

/** Takes over a UDP socket that somebody else has bound. One of IPv6 may be for IPv4 as well, which it knows in its own words. */
export function boundDatagrams(
  { fd }: BoundSocket,
  family: 4 | 6,
  receive: ReceiveDatagram,
): Promise<Datagrams> {
  return new Promise((resolve, reject) => {
    const socket = socketOf(family, (address) =>
      family === 6 && familyOf(address) === 4 ? `::ffff:${address}` : address,
    )
    listen(socket, { receive }, reject, () => resolve(placeOf(socket)))
    socket.bind({ fd, exclusive: true })
  })
}

/** A socket whose peers are addresses: without a look-up `send` reaches the system before it returns. */
function socketOf(
  family: 4 | 6,
  spell: (address: string) => string,
  sharing: { readonly reusePort?: boolean; readonly reuseAddr?: boolean } = {},
): dgram.Socket {
  return dgram.createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    ...sharing,
    lookup: (address, _options, found) => found(null, spell(address), family),
  })
}

function listen(
  socket: dgram.Socket,
  { receive, refused }: { readonly receive: ReceiveDatagram; readonly refused?: (() => void) | undefined },
  fail: (error: Error) => void,
  stands: () => void,
): void {
  socket.once('error', (error) => {
    socket.close()
    fail(networkError(error))
  })
  socket.once('listening', () => {
    socket.removeAllListeners('error')
    // Later errors are about one datagram, which is lost then.
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') refused?.()
    })
    socket.on('message', (bytes, from) =>
      receive(bytes, { address: canonicalAddress(from.address), port: from.port }),
    )
    widen(socket)
    stands()
  })
}

function placeOf(socket: dgram.Socket): UdpPlace {
  const { address, port } = socket.address()
  let closed = false
  let settled = false
  return {
    local: { address: canonicalAddress(address), port },
    send(bytes, to) {
      // With a callback Node tells it of errors; without one they go to the listener above. Both mean: it is lost.
      if (closed) return
      if (settled) socket.send(bytes)
      else socket.send(bytes, to.port, to.address)
    },
    settle: (peer) =>
      new Promise((resolve, reject) => {
        socket.connect(peer.port, peer.address, (error?: Error) => {
          settled = error === undefined
          if (error === undefined) resolve()
          else reject(networkError(error))
        })
      }),
    close() {
      if (closed) return Promise.resolve()
      closed = true
      return new Promise((resolve) => socket.close(() => resolve()))
    },
  }
}

function widen(socket: dgram.Socket): void {
  try {
    socket.setRecvBufferSize(socketBuffer)
    socket.setSendBufferSize(socketBuffer)
  } catch {
    // The system keeps its own sizes then, which are enough for what is sent (see the options of TFTP).
  }
}
