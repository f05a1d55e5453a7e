import { familyOf } from '../core/address.ts'
import type { Network, Peer, Port } from '../core/network.ts'
import { tcpPort, type BoundSocket } from './tcp-port.ts'
import { boundDatagrams } from './udp.ts'

/** A socket that whoever started us has opened already. */
export interface InheritedSocket extends BoundSocket {
  readonly kind: 'stream' | 'datagrams'
  readonly local: Peer
}

/**
 * A network that takes inherited sockets for the ports that they are bound to, each once: behind its end the port is
 * opened like any other. All sockets of one port become one listener, whichever addresses they are at.
 */
export function inheriting(inner: Network, sockets: readonly InheritedSocket[]): Network {
  const left = new Set(sockets)
  const take = (kind: InheritedSocket['kind'], port: number): readonly InheritedSocket[] => {
    const ours = [...left].filter((socket) => socket.kind === kind && socket.local.port === port)
    for (const socket of ours) left.delete(socket)
    return ours
  }
  return {
    ...inner,
    async listen(options, accept) {
      const [first, ...others] = take('stream', options.port)
      if (first === undefined) return inner.listen(options, accept)
      const port = await tcpPort(first, accept)
      return joined(port, await Promise.all(others.map((socket) => tcpPort(socket, accept))))
    },
    async datagrams(options, receive) {
      const [socket] = take('datagrams', options.port)
      if (socket === undefined) return inner.datagrams(options, receive)
      return boundDatagrams(socket, familyOf(socket.local.address) ?? 4, receive)
    },
  }
}

function joined(first: Port, others: readonly Port[]): Port {
  return {
    local: first.local,
    async close() {
      for (const port of [first, ...others]) await port.close()
    },
  }
}
