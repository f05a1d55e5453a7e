import net, { type Socket } from 'node:net'
import type { ReadRing } from './read-ring.ts'

/** What Node keeps below a socket: not public, so it may be missing, or be another thing in another version. */
const below = '_handle'

/**
 * The same connection as a socket that reads into a ring, a megabyte at a time, and calls `filled` for each read; the
 * socket is empty then. Undefined, and nothing has changed: this version of Node does not allow it.
 *
 * Node has this for connections that it makes itself (`onread`), and not for those that it accepts. Without, each 64 KiB
 * come in memory of their own, which takes a third more CPU for an upload.
 */
export function lentSocket(socket: Socket, ring: ReadRing, filled: () => boolean): Socket | undefined {
  const handle: unknown = Reflect.get(socket, below)
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return undefined
  const options: object = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: () => ring.place(),
      callback(count: number) {
        ring.filled(count)
        return filled()
      },
    },
  }
  const lent = new net.Socket(options)
  if (Reflect.get(lent, below) !== handle) return undefined
  // One of them closes it, and that is the new one.
  Reflect.set(socket, below, null)
  return lent
}
