import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { lendToTls } from './lent-tls.ts'
import { ReadRing } from './read-ring.ts'

/** A socket that decrypts into a ring of 64 KiB, and what Node does for each record. */
function lending() {
  const socket = new Socket()
  Reflect.set(socket, '_handle', { useUserBuffer: () => undefined, close: () => undefined })
  const ring = new ReadRing(new Uint8Array(64 * 1024))
  assert.ok(lendToTls(socket, ring, () => undefined))
  const kept = (name: string): unknown => {
    const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name)
    return symbol === undefined ? undefined : Reflect.get(socket, symbol)
  }
  const decrypt = (count: number): Uint8Array => {
    const [filled, next] = [kept('kBufferCb'), kept('kBufferGen')] as [
      (count: number) => void,
      () => Uint8Array,
    ]
    filled(count)
    return next()
  }
  return { socket, ring, decrypt }
}

test('each record goes behind the one before it', () => {
  const { socket, ring, decrypt } = lending()
  for (let count = 1; count <= 3; count += 1) assert.equal(decrypt(16 * 1024).byteOffset, count * 16 * 1024)
  assert.deepEqual([ring.waiting, socket.destroyed], [48 * 1024, false])
})

test('a record for which there is no room ends the connection, where an empty place would be asked for for ever', async () => {
  const { socket, ring, decrypt } = lending()
  const failed = once(socket, 'error')
  for (let count = 0; count < 4; count += 1) assert.ok(decrypt(16 * 1024).length > 0)
  assert.ok(decrypt(16 * 1024).length > 0)
  assert.match(String(await failed), /more than there is room for/u)
  assert.deepEqual([ring.waiting, socket.destroyed], [64 * 1024, true])
})
