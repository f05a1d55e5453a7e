import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../core/network.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { behindProxy } from './behind-proxy.ts'
import { memoryNetwork } from './memory.ts'
import { readProxyHeader } from './proxy-header.ts'

const v2 = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
  Buffer.from([0x21, 0x11, 0, 15, 192, 0, 2, 7, 198, 51, 100, 1, 0x9c, 0x40, 0, 21, 4, 0, 0]),
])
const line = Buffer.from('PROXY TCP6 2001:db8::7 2001:db8::1 40000 21\r\n')

test('headers of both versions are read, whole and byte by byte', () => {
  const golden = [
    [v2, '192.0.2.7', '198.51.100.1'],
    [line, '2001:db8::7', '2001:db8::1'],
  ] as const
  for (const [bytes, remote, local] of golden) {
    for (let at = 0; at < bytes.length; at += 1)
      assert.equal(readProxyHeader(bytes.subarray(0, at)), undefined, `${at}`)
    assert.deepEqual(readProxyHeader(Buffer.concat([bytes, Buffer.from('USER')])), {
      used: bytes.length,
      peers: { remote: { address: remote, port: 40_000 }, local: { address: local, port: 21 } },
    })
  }
})

test('a proxy that speaks for itself is itself', () => {
  assert.deepEqual(readProxyHeader(Buffer.from('PROXY UNKNOWN ffff::1 x\r\n')), { used: 25, peers: 'local' })
  const local = Buffer.from(v2)
  local[12] = 0x20
  assert.deepEqual(readProxyHeader(local), { used: v2.length, peers: 'local' })
})

test('what is no header is told at once, and what never ends is not collected', () => {
  for (const text of [
    'USER anna\r\n',
    'PROXY TCP4 2001:db8::7 192.0.2.1 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.1 70000 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.1 1\r\n',
    `PROXY TCP4 ${'1'.repeat(200)}`,
    '\r\nUSER',
  ])
    assert.equal(readProxyHeader(Buffer.from(text)), 'wrong', text)
  const long = Buffer.from(v2)
  long.writeUInt16BE(60_000, 14)
  assert.equal(readProxyHeader(long), 'wrong')
  const short = Buffer.from(v2)
  short.writeUInt16BE(5, 14)
  assert.equal(readProxyHeader(short), 'wrong')
})

async function world() {
  const clock = new FakeClock()
  const inner = memoryNetwork()
  const accepted: Conn[] = []
  let trusted: readonly string[] = ['10.0.0.0/8']
  const network = behindProxy(inner, () => trusted, clock)
  const port = await network.listen({ host: '198.51.100.1', port: 21 }, (conn) => void accepted.push(conn))
  const dial = (from: string) =>
    inner.connect({ host: '198.51.100.1', port: port.local.port, localAddress: from, timeoutMs: 1000 })
  return { clock, accepted, dial, trust: (networks: readonly string[]) => void (trusted = networks) }
}

test('a trusted proxy is believed, and what follows its header is what the client said', async () => {
  const { accepted, dial } = await world()
  const conn = await dial('10.1.1.1')
  await conn.write(v2.subarray(0, 10))
  await conn.write(Buffer.concat([v2.subarray(10), Buffer.from('USER anna')]))
  await settle()
  const [served] = accepted
  assert.equal(served?.remote.address, '192.0.2.7')
  assert.deepEqual(served?.local, { address: '198.51.100.1', port: 21 })
  assert.equal(Buffer.concat((await served?.read()) ?? []).toString(), 'USER anna')
  await served?.write(Buffer.from('331'))
  assert.equal(Buffer.concat((await conn.read()) ?? []).toString(), '331')
})

test('whom a proxy has introduced is cut no more for want of a header', async () => {
  const { clock, accepted, dial } = await world()
  await (await dial('10.1.1.1')).write(v2)
  await settle()
  assert.equal(clock.pending, 0)
  assert.equal(accepted.length, 1)
})

test('nobody else is: the header is bytes like others', async () => {
  const { accepted, dial } = await world()
  const conn = await dial('192.0.2.66')
  await conn.write(line)
  await settle()
  assert.equal(accepted[0]?.remote.address, '192.0.2.66')
  assert.equal(Buffer.concat((await accepted[0]?.read()) ?? []).toString(), line.toString())
})

test('a trusted proxy that says nothing, or something else, is cut', async () => {
  const { clock, accepted, dial } = await world()
  const wrong = await dial('10.1.1.1')
  await wrong.write(Buffer.from('USER anna\r\n'))
  await assert.rejects(wrong.read())
  const silent = await dial('10.1.1.2')
  await settle()
  await clock.advance(5000)
  await assert.rejects(silent.read())
  assert.equal(accepted.length, 0)
  assert.equal(clock.pending, 0)
})

test('whom a reload trusts is believed from then on, and whom it trusts no more is not', async () => {
  const { accepted, dial, trust } = await world()
  trust(['10.2.0.0/16'])
  for (const from of ['10.1.1.1', '10.2.1.1']) await (await dial(from)).write(v2)
  await settle()
  assert.deepEqual(
    accepted.map(({ remote }) => remote.address),
    ['10.1.1.1', '192.0.2.7'],
  )
})
