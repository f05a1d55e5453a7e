import { asError } from '../core/error.ts'
import type { Conn, Network, Peer, Port } from '../core/network.ts'
import { joined } from '../core/joined.ts'
import { onAllAddresses } from './listening.ts'

/** Passes who comes to a port there on to the HTTP listener here, where that is now. */
export function publishedHttp(
  there: Network,
  port: number,
  here: Network,
  listener: () => Peer | undefined,
): Promise<Port> {
  const accept = (conn: Conn): void => {
    const now = listener()
    if (now === undefined) conn.destroy(new Error('nothing is told by HTTP now'))
    else void passOn(conn, here, now)
  }
  return onAllAddresses(undefined, (host) => there.listen({ host, port }, accept))
}

/** It listens on this machine. */
const timeoutMs = 5000

async function passOn(conn: Conn, here: Network, { address, port }: Peer): Promise<void> {
  try {
    await joined(conn, await here.connect({ host: address, port, timeoutMs }))
  } catch (thrown) {
    conn.destroy(asError(thrown))
  }
}
