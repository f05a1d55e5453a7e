import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, LoginError, NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { memoryNetwork } from './memory.ts'
import { parseProxy, throughProxy } from './proxy.ts'

/** A proxy that answers what its script says, and keeps what it heard. */
async function scripted(answers: readonly (string | readonly number[])[], chop: 'whole' | 'bytes') {
  const network = memoryNetwork({ chop })
  const heard: Buffer[] = []
  await network.listen({ host: '192.0.2.9', port: 1080 }, (conn) => void answer(conn, answers, heard))
  return { network, heard }
}

async function answer(conn: Conn, answers: readonly (string | readonly number[])[], heard: Buffer[]) {
  for (const next of answers) {
    const expected = heard.length === 0 || next.length > 0
    if (!expected) continue
    const pieces = await conn.read()
    if (pieces === undefined) return
    heard.push(Buffer.concat(pieces))
    await conn.write(typeof next === 'string' ? Buffer.from(next, 'latin1') : Uint8Array.from(next))
  }
}

const target = { host: 'files.example', port: 21, timeoutMs: 5000 }

async function text(conn: Conn, length: number): Promise<string> {
  let all = ''
  while (all.length < length) {
    const pieces = await conn.read()
    if (pieces === undefined) break
    all += Buffer.concat(pieces).toString()
  }
  return all
}

void test('RFC 1928 CONNECT: asks by name, and reads what came behind the answer', async () => {
  const { network, heard } = await scripted(
    [
      [5, 0],
      [5, 0, 0, 1, 10, 0, 0, 1, 0, 21, ...Buffer.from('220 hello\r\n')],
    ],
    'whole',
  )
  const proxied = throughProxy(network, new FakeClock(), parseProxy('socks5://192.0.2.9'))
  const conn = await proxied.connect(target)
  assert.equal(await text(conn, 11), '220 hello\r\n')
  assert.deepEqual(conn.remote, { address: 'files.example', port: 21 })
  assert.deepEqual(heard, [
    Buffer.from([5, 1, 0]),
    Buffer.from([5, 1, 0, 3, 13, ...Buffer.from('files.example'), 0, 21]),
  ])
})

void test('RFC 1929: says name and password where the proxy wants them', async () => {
  const { network, heard } = await scripted(
    [
      [5, 2],
      [1, 0],
      [5, 0, 0, 3, 1, 65, 0, 21],
    ],
    'whole',
  )
  const proxied = throughProxy(network, new FakeClock(), parseProxy('socks5h://me:s%40@192.0.2.9:1080'))
  await proxied.connect({ ...target, host: '198.51.100.7' })
  assert.deepEqual(heard, [
    Buffer.from([5, 2, 0, 2]),
    Buffer.from([1, 2, ...Buffer.from('me'), 2, ...Buffer.from('s@')]),
    Buffer.from([5, 1, 0, 1, 198, 51, 100, 7, 0, 21]),
  ])
})

void test('a proxy that refuses, or wants a login, is told as what it is', async () => {
  const cases = [
    { answers: [[5, 255]], error: LoginError },
    {
      answers: [
        [5, 0],
        [5, 5, 0, 1],
      ],
      error: NetworkError,
    },
  ]
  for (const { answers, error } of cases) {
    const { network } = await scripted(answers, 'whole')
    const proxied = throughProxy(network, new FakeClock(), parseProxy('socks5://192.0.2.9'))
    await assert.rejects(proxied.connect(target), error)
    assert.equal(network.open.accepted <= 1, true)
  }
})

void test('HTTP CONNECT: reads the head in any pieces, and leaves the greeting behind it', async () => {
  const { network, heard } = await scripted(
    ['HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n220 hello\r\n'],
    'whole',
  )
  const proxied = throughProxy(network, new FakeClock(), parseProxy('http://me:secret@192.0.2.9:1080'))
  const conn = await proxied.connect(target)
  assert.equal(await text(conn, 11), '220 hello\r\n')
  assert.equal(
    heard[0]?.toString(),
    'CONNECT files.example:21 HTTP/1.1\r\nHost: files.example:21\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n',
  )
})

void test('HTTP CONNECT: 407 is a login that is wanted, 403 a rule, 502 a failure', async () => {
  const cases = [
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', LoginError],
    ['HTTP/1.0 403 Forbidden\r\n\r\n', NetworkError],
    ['HTTP/1.1 502 Bad Gateway\n\n', NetworkError],
  ] as const
  for (const [answers, error] of cases) {
    const { network } = await scripted([answers], 'whole')
    const proxied = throughProxy(network, new FakeClock(), parseProxy('http://192.0.2.9:1080'))
    await assert.rejects(proxied.connect(target), error)
  }
})

void test('answers that come byte by byte are read the same', async () => {
  const network = memoryNetwork({ chop: 'bytes' })
  await network.listen({ host: '192.0.2.9', port: 1080 }, (conn) => {
    void conn.write(Uint8Array.of(5, 0, 5, 0, 0, 4, ...Array.from({ length: 18 }, () => 0), 72, 105))
  })
  const proxied = throughProxy(network, new FakeClock(), parseProxy('socks5://192.0.2.9'))
  assert.equal(await text(await proxied.connect(target), 2), 'Hi')
})

void test('a silent proxy is waited for no longer than the connection may take', async () => {
  const network = memoryNetwork()
  const clock = new FakeClock()
  await network.listen({ host: '192.0.2.9', port: 1080 }, () => undefined)
  const proxied = throughProxy(network, clock, parseProxy('socks5://192.0.2.9'))
  const connecting = proxied.connect(target)
  const refused = assert.rejects(connecting, { name: 'NetworkError', fault: 'timeout' })
  await clock.advance(5000)
  await refused
  assert.equal(clock.pending, 0)
})

void test('a signal ends the talk with the proxy', async () => {
  const network = memoryNetwork()
  const stop = new AbortController()
  await network.listen({ host: '192.0.2.9', port: 1080 }, () => stop.abort())
  const proxied = throughProxy(network, new FakeClock(), parseProxy('socks5://192.0.2.9'))
  await assert.rejects(proxied.connect({ ...target, signal: stop.signal }), { fault: 'aborted' })
})

void test('takes no connections in', async () => {
  const proxied = throughProxy(memoryNetwork(), new FakeClock(), parseProxy('socks5://192.0.2.9'))
  await assert.rejects(
    proxied.listen({ host: '192.0.2.1', port: 0 }, () => undefined),
    NetworkError,
  )
})

void test('reads the URLs of proxies, and refuses others without showing a password', () => {
  assert.deepEqual(parseProxy('http://p.example'), {
    kind: 'http',
    host: 'p.example',
    port: 8080,
    user: undefined,
    password: undefined,
  })
  assert.equal(parseProxy('http://p.example:80/').port, 80)
  assert.equal(parseProxy('socks5://[2001:db8::1]:1081').host, '2001:db8::1')
  assert.throws(
    () => parseProxy('ftp://me:secret@p.example'),
    (error) => error instanceof FileError && !error.message.includes('secret'),
  )
})
