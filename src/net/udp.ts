import dgram from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { canonicalAddress, familyOf } from '../core/address.ts'
import type { Datagrams, ListenOptions, ReceiveDatagram } from '../core/network.ts'
import { networkError } from './network-error.ts'

/** What the system is asked to hold for a slow reader: a window that overruns it costs a timeout. */
const socketBuffer = 4 * 1024 * 1024

/** Opens a UDP socket at one address. */
export function datagrams({ host, port }: ListenOptions, receive: ReceiveDatagram): Promise<Datagrams> {
  return new Promise((resolve, reject) => {
    const ipv6 = familyOf(host) === 6
    const socket = dgram.createSocket({
      type: ipv6 ? 'udp6' : 'udp4',
      ipv6Only: ipv6,
      // Peers are addresses: without a look-up `send` reaches the system before it returns.
      lookup: (address, _options, found) => found(null, address, ipv6 ? 6 : 4),
    })
    socket.once('error', (error) => {
      socket.close()
      reject(networkError(error))
    })
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error')
      // Later errors are about one datagram, which is lost then.
      socket.on('error', () => undefined)
      socket.on('message', (bytes, from) =>
        receive(bytes, { address: canonicalAddress(from.address), port: from.port }),
      )
      widen(socket)
      resolve(placeOf(socket))
    })
  })
}

/** The addresses of the machine's interfaces, with a zone where IPv6 needs one. */
export function localAddresses(): readonly string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map((entry) =>
      entry.family === 'IPv6' && entry.scopeid !== 0 ? `${entry.address}%${name}` : entry.address,
    ),
  )
}

function placeOf(socket: dgram.Socket): Datagrams {
  const { address, port } = socket.address()
  let closed = false
  return {
    local: { address: canonicalAddress(address), port },
    send(bytes, to) {
      // With a callback Node tells it of errors; without one they go to the listener above. Both mean: it is lost.
      if (!closed) socket.send(bytes, to.port, to.address)
    },
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
