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
  Reflect.set(socket, buffer, first)
  Reflect.set(socket, next, () => ring.place())
  Reflect.set(socket, callback, (count: number) => {
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
