import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import type { Conn } from '../core/network.ts'
import { SocketConn } from './socket-conn.ts'
import { tcpNetwork } from './tcp.ts'

const bytes = 24 * 1024 * 1024 + 13

/** Both ends of a connection: one for us, and a socket of the peer's. */
async function pair(lends: boolean): Promise<{ conn: Conn; taken: Socket; peer: Socket }> {
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const peer = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [taken] = (await once(server, 'connection')) as [Socket]
  server.close()
  return { conn: new SocketConn(taken, { lends }), taken, peer }
}

function numbered(from: number, count: number): Buffer {
  const block = Buffer.alloc(count)
  for (let at = 0; at < count; at += 1) block[at] = (from + at) % 251
  return block
}

async function send(peer: Socket): Promise<void> {
  for (let at = 0; at < bytes; at += 251 * 1000) {
    if (!peer.write(numbered(at, Math.min(251 * 1000, bytes - at)))) await once(peer, 'drain')
  }
  peer.end()
}

/** So many turns later the peer has sent all that there is room for. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Reads slower than the peer sends, so that all memory fills, and checks each byte while it is lent. */
async function check(conn: Conn): Promise<number> {
  let at = 0
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    await rest()
    for (const piece of pieces) {
      assert.ok(numbered(at, piece.length).equals(piece), `the bytes from ${at} on`)
      at += piece.length
    }
  }
  return at
}

test('a connection that we make for data is read so too, whole and in order', async () => {
  const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connecting = tcpNetwork().connect({ host: '127.0.0.1', port, timeoutMs: 10_000, forData: true })
  const [peer] = (await once(server, 'connection')) as [Socket]
  server.close()
  const conn = await connecting
  const sending = send(peer)
  assert.equal(await check(conn), bytes)
  await sending
  conn.destroy()
  peer.destroy()
})

for (const lends of [true, false]) {
  suite(lends ? 'much that comes into memory of ours' : 'much that comes, where Node lends nothing', () => {
    test('it comes whole and in order, and the end behind it; the other way still goes', async () => {
      const { conn, taken, peer } = await pair(lends)
      const sending = send(peer)
      assert.equal(await check(conn), bytes)
      await sending
      assert.equal(await conn.read(), undefined)
      // The private part is what this Node has, or both suites try the same way.
      assert.equal(Reflect.get(taken, '_handle') === null, lends)
      await conn.write(Buffer.from('taken'))
      await conn.end()
      const [answer] = (await once(peer, 'data')) as [Buffer]
      assert.equal(answer.toString(), 'taken')
      conn.destroy()
      peer.destroy()
    })

    test('who is cut while much comes learns of it, and the peer sees a reset', async () => {
      const { conn, peer } = await pair(lends)
      const reset = once(peer, 'error')
      const sending = send(peer).catch(() => undefined)
      for (let seen = 0; seen < bytes / 2;) {
        await rest()
        for (const { length } of (await conn.read()) ?? []) seen += length
      }
      conn.destroy(new Error('enough'))
      await assert.rejects(conn.read(), /enough/)
      const [error] = (await reset) as [NodeJS.ErrnoException]
      assert.match(error.code ?? '', /ECONNRESET|EPIPE/)
      await sending
    })

    test('a peer that resets in the middle is no end', async () => {
      const { conn, peer } = await pair(lends)
      void send(peer).catch(() => undefined)
      for (let seen = 0; seen < bytes / 2;) {
        await rest()
        for (const { length } of (await conn.read()) ?? []) seen += length
      }
      peer.resetAndDestroy()
      await assert.rejects(async () => {
        while ((await conn.read()) !== undefined);
      })
      conn.destroy()
    })
  })
}
