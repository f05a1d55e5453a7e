import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, LoginError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { Network } from '../../core/network.ts'
import { parsePath, rootPath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { transfer } from '../../core/transfer.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { ftpWorld, type FtpWorld, type FtpWorldOptions } from '../../testing/ftp-world.ts'
import { connectFtp } from './connect.ts'
import type { FtpOptions } from './options.ts'

interface Visit {
  readonly world: FtpWorld
  readonly remote: RemoteStore
  /** What the client has said, and its notes. */
  readonly said: string[]
}

/** Runs with a client of our own server, over a network in memory. */
async function visit(
  { server, client }: { readonly server?: FtpWorldOptions; readonly client?: Partial<FtpOptions> },
  work: (visit: Visit) => Promise<void>,
): Promise<void> {
  await using world = await ftpWorld(server)
  const said: string[] = []
  const remote = await connectFtp({
    network: world.network,
    clock: world.clock,
    host: '192.0.2.1',
    user: 'anna',
    ask: { secret: async () => 'secret', trust: async () => 'no' },
    said: (from, line) => void (from === 'server' || said.push(line)),
    ...client,
  })
  try {
    await work({ world, remote, said })
  } finally {
    await remote.end()
  }
}

async function names(remote: RemoteStore): Promise<string[]> {
  const found: string[] = []
  for await (const batch of remote.list(rootPath)) found.push(...batch.map(({ name }) => name))
  return found.toSorted()
}

function count(said: readonly string[], start: string): number {
  return said.filter((line) => line.startsWith(start)).length
}

function isInvalid(error: unknown): boolean {
  return error instanceof FileError && error.fault === 'invalid'
}

async function read(remote: RemoteStore, path: string): Promise<string> {
  const file = await remote.open(parsePath(path), { read: true })
  const bytes = Buffer.alloc(100_000)
  const used = await transfer(file, async () => {
    const first = await file.read(bytes, 0)
    return first + (await file.read(bytes.subarray(first), first))
  })
  return bytes.subarray(0, used).toString()
}

void test('the way that worked is the first to be tried the next time', async () => {
  await visit({ server: { settings: { passive: 'off' } } }, async ({ world, remote, said }) => {
    await world.put('/a', 'content')
    assert.deepEqual(await names(remote), ['a'])
    assert.deepEqual(await names(remote), ['a'])
    assert.equal(await read(remote, '/a'), 'content')
    assert.equal(said.filter((line) => line === 'EPSV').length, 1)
    assert.equal(said.filter((line) => line === 'PASV').length, 1)
    assert.equal(count(said, 'EPRT'), 3)
  })
})

void test('a way that was chosen is the only one', async () => {
  const pinned = { mode: 'pasv' } as const
  await visit({ server: { settings: { passive: 'off' } }, client: pinned }, async ({ remote, said }) => {
    await assert.rejects(names(remote), (error) => {
      assert.ok(error instanceof NetworkError)
      assert.match(error.facts.reply ?? '', /^5/u)
      assert.match(error.facts.hint ?? '', /ferry doctor/u)
      return true
    })
    assert.equal(count(said, 'EPRT') + count(said, 'PORT') + count(said, 'EPSV'), 0)
    // The session is as good as before.
    assert.equal((await remote.stat(rootPath)).kind, 'directory')
  })
})

void test('active mode tells the address and a port of the range that it was given', async () => {
  const behindRouter = {
    mode: 'port',
    activeAddress: '203.0.113.7',
    activePorts: { first: 50_000, last: 50_001 },
  } as const
  await visit({ client: behindRouter }, async ({ world, remote, said }) => {
    await world.network.listen({ host: '127.0.0.1', port: 50_000 }, (conn) => conn.destroy())
    await assert.rejects(names(remote), NetworkError)
    assert.ok(said.includes('PORT 203,0,113,7,195,81'), said.join('\n'))
  })
})

void test('RFC 2428 EPSV, EPRT: over IPv6 files come in both modes, and PASV is not even tried', async () => {
  for (const mode of ['auto', 'active'] as const) {
    const server = { address: '2001:db8::1' }
    await visit({ server, client: { host: '2001:db8::1', mode } }, async ({ world, remote, said }) => {
      await world.put('/a', 'content')
      assert.equal(await read(remote, '/a'), 'content')
      assert.equal(said.filter((line) => line === 'PASV').length, 0)
    })
  }
})

void test('an upload over a slow line takes as long as it takes', async () => {
  await visit({ client: { silenceMs: 30_000 } }, async ({ world }) => {
    const { clock, network } = world
    const slow: Network = {
      ...network,
      listen: (options, accept) => network.listen(options, accept),
      lookup: (host) => network.lookup(host),
      secure: (conn, how) => network.secure(conn, how),
      addresses: () => network.addresses(),
      datagrams: (options, receive) => network.datagrams(options, receive),
      async connect(options) {
        const conn = await network.connect(options)
        const write = conn.write.bind(conn)
        // 16 kB a second: a megabyte takes longer than anybody may be silent.
        conn.write = async (bytes) => {
          await new Promise<void>((resolve) => clock.after(bytes.length / 16, resolve))
          await write(bytes)
        }
        return conn
      },
    }
    const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
    const connecting = connectFtp({ network: slow, clock, host: '192.0.2.1', user: 'anna', ask })
    await clock.advance(1000)
    const remote = await connecting
    const opening = remote.open(parsePath('/large'), { write: true, create: 'allow', truncate: true })
    await clock.advance(1000)
    const writing = transfer(await opening, (file) => file.write([Buffer.alloc(1_048_576, 'x')], 0))
    await clock.advance(100_000)
    await writing
    const ending = remote.end()
    await clock.advance(2000)
    await ending
    assert.equal((await world.text('/large'))?.length, 1_048_576)
  })
})

void test('a line end or NUL in a name never reaches the server', async () => {
  await visit({}, async ({ world, remote, said }) => {
    await world.put('/victim', 'x')
    const evil = parsePath('/x\r\nDELE victim')
    for (const deed of [
      () => remote.stat(evil),
      () => remote.remove(evil),
      () => remote.mkdir(evil),
      () => remote.rename(evil, parsePath('/y'), true),
      () => remote.open(evil, { read: true }),
      () => remote.open(evil, { write: true, create: 'allow', truncate: true }),
      () => remote.hash(evil, 'sha256'),
    ]) {
      await assert.rejects(deed, isInvalid)
    }
    assert.equal(count(said, 'DELE'), 0)
    assert.deepEqual(await names(remote), ['victim'])
  })
})

void test('there are never more connections than were allowed, and all work is done', async () => {
  await visit({ client: { connections: 2 } }, async ({ world, remote, said }) => {
    const files = Array.from({ length: 12 }, (_, at) => `/f${at}`)
    for (const path of files) await world.put(path, `this is ${path}`)
    const contents = await Promise.all(files.map((path) => read(remote, path)))
    assert.deepEqual(
      contents,
      files.map((path) => `this is ${path}`),
    )
    assert.equal(count(said, 'connecting to'), 2)
  })
})

void test('a session that lay idle is asked whether it lives, and replaced when it does not', async () => {
  await visit({}, async ({ world, remote, said }) => {
    await world.put('/a', 'content')
    assert.deepEqual(await names(remote), ['a'])
    await world.clock.advance(60_000)
    assert.deepEqual(await names(remote), ['a'])
    assert.equal(count(said, 'NOOP'), 1)
    // The server ends sessions that say nothing for so long; what it said is in the way of the next reply.
    await world.clock.advance(60 * 60_000)
    assert.deepEqual(await names(remote), ['a'])
    assert.equal(count(said, 'connecting to'), 2)
  })
})

void test('a signal ends one call, and the same session does the next', async () => {
  await visit({ client: { connections: 1 } }, async ({ world, remote, said }) => {
    await world.put('/large', Buffer.alloc(3_000_000, 'x'))
    const stop = new AbortController()
    const file = await remote.under(stop.signal).open(parsePath('/large'), { read: true })
    await file.read(Buffer.alloc(1000), 0)
    stop.abort()
    await assert.rejects(async () => {
      for (let at = 1000; ;) at += await file.read(Buffer.alloc(100_000), at)
    })
    await file.abort(new Error('stopped'))
    assert.deepEqual(await names(remote), ['large'])
    assert.equal(count(said, 'connecting to'), 1)
  })
})

void test('RFC 959 USER, PASS: a wrong password is a LoginError that keeps the reply and no secret', async () => {
  await using world = await ftpWorld()
  const connecting = connectFtp({
    network: world.network,
    clock: world.clock,
    host: '192.0.2.1',
    user: 'anna',
    ask: { secret: async () => 'wrong', trust: async () => 'no' },
  })
  const refused = assert.rejects(connecting, (error) => {
    assert.ok(error instanceof LoginError)
    assert.equal(error.facts.code, 530)
    assert.ok(!JSON.stringify(error.facts).includes('wrong'))
    return true
  })
  // The server lets wrong passwords wait.
  await world.clock.advance(10_000)
  await refused
})

void test('the transcript masks passwords', async () => {
  await visit({}, async ({ said }) => {
    assert.ok(said.includes('PASS ****'))
    assert.ok(!said.some((line) => line.includes('secret')))
  })
})

void test('whoever else speaks on the port is told by name, with the URL to use', async () => {
  const others = [
    ['SSH-2.0-OpenSSH_9.2\r\n', /SSH server/u, 'Use sftp://192.0.2.1:2121/ instead.'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', /web server/u, 'Is it the right port?'],
    ['\u0015\u0003\u0001\0\u0002\u0002\n', /wants TLS first/u, 'Use ftps://192.0.2.1:2121/ instead.'],
    ['220 mail.example ESMTP Postfix\r\n', /mail server/u, 'Is it the right port?'],
    ['* OK IMAP4 ready\r\n', /something else/u, 'Is it the right port?'],
  ] as const
  for (const [greeting, message, hint] of others) {
    const network = memoryNetwork()
    await network.listen({ host: '192.0.2.1', port: 2121 }, (conn) => {
      void conn.write(Buffer.from(greeting, 'latin1'))
    })
    const connecting = connectFtp({
      network,
      clock: new FakeClock(),
      host: '192.0.2.1',
      port: 2121,
      ask: { secret: async () => undefined, trust: async () => 'no' },
    })
    await assert.rejects(connecting, (error) => {
      assert.ok(error instanceof ProtocolError)
      assert.match(error.message, message)
      assert.equal(error.facts.hint, hint)
      return true
    })
  }
})
