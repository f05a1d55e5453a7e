import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { Outbox } from './outbox.ts'

/** A connection that takes nothing until it is told to. */
async function stalled(): Promise<{ conn: Conn; goOn: () => void }> {
  const network = memoryNetwork()
  const at = { host: '192.0.2.1', port: 22 }
  await network.listen(at, () => undefined)
  const conn = await network.connect({ ...at, timeoutMs: 1000 })
  const open = Promise.withResolvers<void>()
  const write = async (bytes: Uint8Array): Promise<void> => {
    await open.promise
    await conn.write(bytes)
  }
  return { conn: Object.assign(Object.create(conn) as Conn, { write }), goOn: open.resolve }
}

test('short messages count for what they take in memory: who reads no answers gets no more of them', async () => {
  const { conn, goOn } = await stalled()
  let moved = 0
  const outbox = new Outbox(conn, () => {
    moved += 1
  })
  for (let count = 0; count < 10; count += 1) outbox.add([new Uint8Array(20)])
  outbox.add([new Uint8Array(300), new Uint8Array(700)])
  assert.equal(outbox.size, 10 * 512 + 1000)
  goOn()
  await outbox.emptied()
  assert.equal(outbox.size, 0)
  assert.ok(moved > 0)
})
