import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { SocketConn } from './socket-conn.ts'

const record = 16 * 1024

/** A connection in TLS that decrypts into a ring, and how a record of so many bytes is decrypted into it. */
async function decrypting() {
  const socket = new Socket()
  Reflect.set(socket, '_handle', { reading: true, useUserBuffer: () => undefined })
  const conn = new SocketConn(socket, { reset: () => socket.destroy(), lends: true })
  for (let count = 0; count < 16; count += 1) socket.emit('data', Buffer.alloc(record))
  await conn.read()
  const place = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'kBufferCb')
  assert.ok(place !== undefined)
  const decrypt = Reflect.get(socket, place) as (bytes: number) => void
  return { conn, socket, decrypt }
}

test('records that are decrypted in one turn are read together', async () => {
  const { conn, decrypt } = await decrypting()
  const reading = conn.read()
  for (const bytes of [record, record, 5]) decrypt(bytes)
  assert.deepEqual(await sizes(reading), [2 * record + 5])
  const next = conn.read()
  decrypt(7)
  assert.deepEqual(await sizes(next), [7])
})

test('an end behind records of the same turn takes them along, and is told once they were read', async () => {
  const { conn, socket, decrypt } = await decrypting()
  const reading = conn.read()
  decrypt(record)
  socket.emit('end')
  assert.deepEqual(await sizes(reading), [record])
  assert.equal(await conn.read(), undefined)
})

test('a break behind records of the same turn is told, the records are still there, and no end is behind them', async () => {
  const { conn, socket, decrypt } = await decrypting()
  const reading = conn.read()
  decrypt(record)
  socket.destroy(new Error('cut'))
  await assert.rejects(reading)
  assert.deepEqual(await sizes(conn.read()), [record])
  await assert.rejects(conn.read())
})

async function sizes(reading: Promise<readonly Uint8Array[] | undefined>): Promise<number[]> {
  return ((await reading) ?? []).map(({ length }) => length)
}
