import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { suite, test } from 'node:test'
import tls from 'node:tls'
import type { Conn } from '../core/network.ts'
import type { TlsBinding } from '../core/tls.ts'
import { testCertificate } from '../testing/tls-settings.ts'
import { SocketConn } from './socket-conn.ts'
import { tcpNetwork } from './tcp.ts'
import { secure } from './tls.ts'

const bytes = 24 * 1024 * 1024 + 13

/** Both ends of a connection: one for us, and a socket of the peer's; and the peer's below TLS. */
interface Pair {
  readonly conn: Conn
  readonly peer: Socket
  readonly below: Socket
}

async function sockets(): Promise<{ taken: Socket; peer: Socket }> {
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const peer = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [taken] = (await once(server, 'connection')) as [Socket]
  server.close()
  return { taken, peer }
}

async function plain(lends: boolean): Promise<Pair> {
  const { taken, peer } = await sockets()
  return { conn: new SocketConn(taken, { lends }), peer, below: peer }
}

/** `watched` goes through a stream of ours, else TLS has the socket. */
async function encrypted(watched: boolean): Promise<Pair> {
  const { taken, peer: below } = await sockets()
  const binding: TlsBinding = {
    identity: { certificate: testCertificate('ferry.example') },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map(),
  }
  const securing = secure(new SocketConn(taken, { lends: true }), {
    side: 'server',
    binding,
    protocols: [],
    timeoutMs: 10_000,
    watched,
  })
  // Its trouble is told by the TLS above it as well.
  below.on('error', () => undefined)
  const peer = tls.connect({ socket: below, rejectUnauthorized: false })
  const [conn] = await Promise.all([securing, once(peer, 'secureConnect')])
  return { conn, peer, below }
}

/** As in a version of Node that does not let TLS decrypt into memory of ours. */
async function encryptedOnly(): Promise<Pair> {
  const pair = await encrypted(true)
  const shape: object = Reflect.getPrototypeOf(Reflect.get(pair.peer, '_handle') as object) ?? {}
  Object.defineProperty(shape, 'useUserBuffer', { value: undefined, configurable: true })
  pair.peer.once('close', () => Reflect.deleteProperty(shape, 'useUserBuffer'))
  return pair
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

/** Reads slower than the peer sends, now little and now as much as there is room for, and checks each byte while it is lent. */
async function check(conn: Conn): Promise<{ count: number; intoOurs: boolean }> {
  let count = 0
  let intoOurs = false
  let reads = 0
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    reads += 1
    for (let rests = reads % 4; rests > 0; rests -= 1) await rest()
    for (const piece of pieces) {
      assert.ok(numbered(count, piece.length).equals(piece), `the bytes from ${count} on`)
      count += piece.length
      intoOurs ||= piece.buffer.byteLength >= 1024 * 1024
    }
  }
  return { count, intoOurs }
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
  assert.deepEqual(await check(conn), { count: bytes, intoOurs: true })
  await sending
  conn.destroy()
  peer.destroy()
})

const ways: Readonly<Record<string, { readonly pair: () => Promise<Pair>; readonly intoOurs: boolean }>> = {
  'much that comes into memory of ours': { pair: () => plain(true), intoOurs: true },
  'much that comes, where Node lends nothing': { pair: () => plain(false), intoOurs: false },
  'much that is decrypted into memory of ours': { pair: () => encrypted(false), intoOurs: true },
  'much that is decrypted so, its end being watched': { pair: () => encrypted(true), intoOurs: true },
  'much that is decrypted where Node lends nothing': { pair: encryptedOnly, intoOurs: false },
}

for (const [name, { pair, intoOurs }] of Object.entries(ways)) {
  suite(name, () => {
    test('it comes whole and in order, and the end behind it; the other way still goes', async () => {
      const { conn, peer } = await pair()
      const sending = send(peer)
      // The private part is what this Node has, or all suites try the same way.
      assert.deepEqual(await check(conn), { count: bytes, intoOurs })
      await sending
      assert.equal(await conn.read(), undefined)
      await conn.write(Buffer.from('taken'))
      await conn.end()
      const [answer] = (await once(peer, 'data')) as [Buffer]
      assert.equal(answer.toString(), 'taken')
      conn.destroy()
      peer.destroy()
    })

    test('so it is for a reader that is always quicker, and nothing ever waits for', async () => {
      const { conn, peer } = await pair()
      const sending = send(peer)
      let read = false
      for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read())
        for (const { buffer } of pieces) read ||= buffer.byteLength >= 1024 * 1024
      await sending
      conn.destroy()
      peer.destroy()
      assert.equal(read, intoOurs)
    })

    test('who sends much, then talks, then sends much again is heard all the time, and answered', async () => {
      const { conn, peer } = await pair()
      const [flood, word, words] = [251 * 16_000, 10, 200]
      let sent = 0
      const say = async (count: number): Promise<void> => {
        if (!peer.write(numbered(sent, count))) await once(peer, 'drain')
        sent += count
      }
      const talking = async (): Promise<void> => {
        await say(flood)
        for (let times = 0; times < words; times += 1) {
          const answer = once(peer, 'data')
          await say(word)
          await answer
        }
        await say(flood)
        peer.end()
      }
      const talked = talking()
      let at = 0
      for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
        for (const piece of pieces) {
          assert.ok(numbered(at, piece.length).equals(piece), `the bytes from ${at} on`)
          at += piece.length
        }
        if (at > flood && at <= flood + word * words) await conn.write(Buffer.from('.'))
      }
      assert.equal(at, flood * 2 + word * words)
      await talked
      conn.destroy()
      peer.destroy()
    })

    test('who is cut while much comes learns of it, and the peer sees a reset', async () => {
      const { conn, peer } = await pair()
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
      const { conn, peer, below } = await pair()
      void send(peer).catch(() => undefined)
      for (let seen = 0; seen < bytes / 2;) {
        await rest()
        for (const { length } of (await conn.read()) ?? []) seen += length
      }
      peer.on('error', () => undefined)
      below.resetAndDestroy()
      await assert.rejects(async () => {
        while ((await conn.read()) !== undefined);
      })
      conn.destroy()
    })
  })
}
