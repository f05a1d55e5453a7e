import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { FileError, NetworkError } from '../core/error.ts'
import { ftpWorld, type FtpWorld } from '../testing/ftp-world.ts'
import { connect, type ConnectOptions } from './connect.ts'
import type { CallOptions, Remote } from './remote.ts'
import type { Content } from './streams.ts'

function login(world: FtpWorld, more: ConnectOptions = {}): Promise<Remote> {
  const { network, clock } = world
  return connect('ftp://192.0.2.1/', { user: 'anna', password: 'secret', network, clock, ...more })
}

/** Does the work while the clock is turned; tells how many milliseconds it took. */
async function timed(world: FtpWorld, work: () => Promise<unknown>): Promise<number> {
  const started = world.clock.ticks()
  const turns = { over: false }
  const done = work().finally(() => (turns.over = true))
  while (!turns.over) {
    await new Promise((resolve) => setImmediate(resolve))
    await world.clock.advance(20)
  }
  await done
  return world.clock.ticks() - started
}

const calls: Readonly<Record<string, (remote: Remote, options: CallOptions) => Promise<unknown>>> = {
  stat: (remote, options) => remote.stat('a', true, options),
  exists: (remote, options) => remote.exists('a', options),
  list: async (remote, options) => {
    for await (const batch of remote.list('', options)) assert.fail(batch[0]?.name)
  },
  entries: async (remote, options) => {
    for await (const found of remote.entries('', options)) assert.fail(found.path)
  },
  open: (remote, options) => remote.open('a', { read: true }, options),
  get: (remote, options) => remote.get('a', '/nowhere/at/all', options),
  put: (remote, options) => remote.put(Buffer.from('x'), 'b', options),
  openRead: (remote, options) => remote.openRead('a', options),
  openWebRead: (remote, options) => remote.openWebRead('a', options),
  openWrite: (remote, options) => remote.openWrite('b', options),
  openWebWrite: (remote, options) => remote.openWebWrite('b', options),
  remove: (remote, options) => remote.remove('a', options),
  removeDir: (remote, options) => remote.removeDir('d', options),
  rmdir: (remote, options) => remote.rmdir('d', options),
  mkdir: (remote, options) => remote.mkdir('e', options),
  rename: (remote, options) => remote.rename('a', 'c', true, options),
  change: (remote, options) => remote.change('a', { mode: 0o600 }, options),
  setTimes: (remote, options) => remote.setTimes('a', new Date(0), options),
  chmod: (remote, options) => remote.chmod('a', 0o600, options),
  link: (remote, options) => remote.link('l', 'a', 'symbolic', options),
  hash: (remote, options) => remote.hash('a', 'sha256', options),
  raw: (remote, options) => remote.raw('NOOP', options),
}

for (const [name, call] of Object.entries(calls)) {
  void test(`${name} takes a signal, which ends the call and not the session`, async () => {
    await using world = await ftpWorld()
    await world.put('/a', 'content')
    await using remote = await login(world)
    await remote.mkdir('d')
    const stopped = call(remote, { signal: AbortSignal.abort() })
    await assert.rejects(
      stopped,
      (error) => error instanceof NetworkError || (error as Error).name === 'AbortError',
    )
    assert.deepEqual(await world.names(), ['a', 'd'])
    assert.equal((await remote.stat('a')).size, 7)
  })
}

void test('a rate holds back all that is fetched and sent, by whichever call', async () => {
  const bytes = Buffer.alloc(100_000, 1)
  const ways: Readonly<Record<string, (remote: Remote) => Promise<unknown>>> = {
    put: (remote) => remote.put(bytes, 'b'),
    openWrite: async (remote) => {
      const stream = await remote.openWrite('b')
      await new Promise((resolve, reject) =>
        stream.once('error', reject).end(bytes, () => resolve(undefined)),
      )
    },
    openRead: async (remote) => assert.equal((await buffer(await remote.openRead('a'))).length, bytes.length),
  }
  for (const [name, way] of Object.entries(ways)) {
    await using world = await ftpWorld()
    await world.put('/a', bytes)
    await using remote = await login(world, { rate: 50_000 })
    const ms = await timed(world, () => way(remote))
    assert.ok(ms >= 1900 && ms < 3000, `${name} took ${ms} ms`)
  }
  await assert.rejects(connect('ftp://192.0.2.1/', { rate: 0 }), FileError)
})

async function* neverEnding(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a beginning')
  await new Promise(() => undefined)
}

const stuck: Readonly<Record<string, () => Content>> = {
  'a generator': neverEnding,
  'a stream of Node': () => Readable.from(neverEnding()),
  'a stream of the web': () => new ReadableStream({ start: (taker) => taker.enqueue(Buffer.from('a')) }),
}

for (const [name, content] of Object.entries(stuck)) {
  void test(`a signal ends an upload of ${name} that waits for a piece that never comes`, async () => {
    await using world = await ftpWorld()
    await using remote = await login(world)
    const stop = new AbortController()
    const onProgress = (): void => void setImmediate(() => stop.abort())
    await assert.rejects(remote.put(content(), 'b', { signal: stop.signal, onProgress }), {
      name: 'AbortError',
    })
    assert.equal(await remote.exists('b'), false)
  })
}

void test('what onProgress throws ends the call that it was given to, and nothing else', async () => {
  await using world = await ftpWorld()
  await world.put('/a', Buffer.alloc(3_000_000))
  await using remote = await login(world)
  const mine = new Error('the bar is broken')
  const onProgress = ({ bytes }: { bytes: number }): void => {
    if (bytes >= 2_000_000) throw mine
  }
  const slow = new Writable({ write: (_piece, _encoding, told) => setImmediate(told) })
  await assert.rejects(remote.get('a', slow, { onProgress }), mine)
  await assert.rejects(remote.put(Buffer.alloc(3_000_000), 'b', { onProgress }), mine)
  assert.equal(await remote.exists('b'), false)
})

const closed: Readonly<Record<string, () => Writable | WritableStream<Uint8Array>>> = {
  'a stream of Node that is destroyed': () => new Writable().destroy(),
  'a stream of the web that somebody else writes to': () => {
    const stream = new WritableStream<Uint8Array>()
    stream.getWriter()
    return stream
  },
}

for (const [name, into] of Object.entries(closed)) {
  void test(`a file that cannot go into ${name} is given up, and its session is free`, async () => {
    await using world = await ftpWorld()
    await world.put('/a', Buffer.alloc(3_000_000))
    await using remote = await login(world)
    await assert.rejects(remote.get('a', into()), Error)
    assert.equal(await remote.exists('a'), true)
  })
}
