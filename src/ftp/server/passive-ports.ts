import { randomInt } from 'node:crypto'
import { NetworkError } from '../../core/error.ts'
import type { Conn, Network, Port } from '../../core/network.ts'
import type { PortRange } from './settings.ts'

/** Where passive ports are taken from when no range is set: the ports that IANA leaves to everyone. */
const anyRange: PortRange = { first: 49_152, last: 65_535 }

/** How many ports of a wide range are tried before giving up. */
const mostTries = 200

/**
 * Listens on a port of the range chosen by chance, so that nobody can guess the next one and connect before its
 * owner (RFC 2577 §8). Fails with `in-use` when all that were tried are taken.
 */
export async function listenInRange(
  network: Network,
  host: string,
  passive: PortRange | 'any',
  accept: (conn: Conn) => void,
): Promise<Port> {
  const range = passive === 'any' ? anyRange : passive
  const size = range.last - range.first + 1
  const start = randomInt(size)
  for (let tried = 0; tried < Math.min(size, mostTries); tried += 1) {
    const port = range.first + ((start + tried) % size)
    try {
      return await network.listen({ host, port }, accept)
    } catch (thrown) {
      if (!(thrown instanceof NetworkError) || thrown.fault !== 'in-use') throw thrown
    }
  }
  throw new NetworkError('in-use', `all passive ports from ${range.first} to ${range.last} are taken`)
}
