import type { Clock } from '../core/clock.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, Network } from '../core/network.ts'

/** A network from which nothing comes back: connections are not answered, and datagrams go nowhere. */
export function silentNetwork(network: Network, clock: Clock): Network {
  return {
    ...through(network),
    datagrams: async (options, receive) => {
      const place = await network.datagrams(options, receive)
      return { local: place.local, send: () => undefined, close: () => place.close() }
    },
    connect: async ({ timeoutMs }) => {
      await new Promise<void>((resolve) => clock.after(timeoutMs, resolve))
      throw new NetworkError('timeout', 'no answer came')
    },
  }
}

/** A network on whose connections so many reads are answered, and then nothing comes any more. */
export function fallsSilent(network: Network, afterReads: number): Network {
  return { ...through(network), connect: async (options) => mute(await network.connect(options), afterReads) }
}

function mute(conn: Conn, afterReads: number): Conn {
  let left = afterReads
  const over = Promise.withResolvers<never>()
  over.promise.catch(() => undefined)
  return {
    local: conn.local,
    remote: conn.remote,
    secure: conn.secure,
    read() {
      left -= 1
      return left < 0 ? over.promise : conn.read()
    },
    write: (bytes) => conn.write(bytes),
    end: () => conn.end(),
    destroy(reason) {
      over.reject(new NetworkError('closed', 'the connection is closed'))
      conn.destroy(reason)
    },
  }
}

function through(network: Network): Network {
  return {
    listen: (options, accept) => network.listen(options, accept),
    connect: (options) => network.connect(options),
    secure: (conn, how) => network.secure(conn, how),
    datagrams: (options, receive) => network.datagrams(options, receive),
    addresses: () => network.addresses(),
    lookup: (host) => network.lookup(host),
  }
}
