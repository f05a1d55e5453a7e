import type { Conn, Peer } from '../core/network.ts'

/**
 * A channel as the connection that it carries: with the ends that it has beyond the SSH host, and in clear there, however well
 * SSH hides it on its way to us. `over` is called when it is destroyed.
 */
export function farConn(channel: Conn, local: Peer, remote: Peer, over: () => void): Conn {
  return {
    local,
    remote,
    secure: false,
    read: () => channel.read(),
    write: (bytes) => channel.write(bytes),
    end: () => channel.end(),
    destroy: (reason) => {
      channel.destroy(reason)
      over()
    },
  }
}
