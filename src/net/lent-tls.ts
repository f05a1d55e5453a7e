import type { Socket } from 'node:net'
import type { ReadRing } from './read-ring.ts'

/** What Node keeps in a socket that reads into memory of somebody else: not public, so it may be missing in another version. */
const places = ['kBuffer', 'kBufferCb', 'kBufferGen'] as const

/**
 * From here on a socket in TLS decrypts into a ring and calls `filled` for each record; the socket is empty then. False, and
 * nothing has changed: this version of Node does not allow it.
 *
 * Node has this for connections that it makes itself (`onread`), and not for TLS around another stream. Without, each record
 * comes in memory of its own, which has to be made, wrapped, handed on as an event and given back.
 */
export function lendToTls(socket: Socket, ring: ReadRing, filled: () => void): boolean {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (!takesMemory(handle)) return false
  const symbols = Object.getOwnPropertySymbols(socket)
  const [buffer, callback, next] = places.map((name) =>
    symbols.find(({ description }) => description === name),
  )
  if (buffer === undefined || callback === undefined || next === undefined) return false
  const first = ring.place()
  let isOver = false
  Reflect.set(socket, buffer, first)
  Reflect.set(socket, next, () => {
    const place = ring.place()
    if (place.length > 0) return place
    // Node would ask for another place for ever. What goes astray here is of a connection that has failed.
    isOver = true
    socket.destroy(new Error('TLS has decrypted more than there is room for'))
    return new Uint8Array(first.length)
  })
  Reflect.set(socket, callback, (count: number) => {
    if (isOver) return
    ring.filled(count)
    filled()
  })
  handle.useUserBuffer(first)
  return true
}

function takesMemory(handle: unknown): handle is { useUserBuffer(memory: Uint8Array): void } {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    typeof Reflect.get(handle, 'useUserBuffer') === 'function'
  )
}
