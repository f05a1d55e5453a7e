import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../core/network.ts'
import { FileError } from '../core/error.ts'
import { parsePath, type Path } from '../core/path.ts'
import type { Change, Feature } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { audit } from '../policy/audit.ts'
import { PassingStore } from '../policy/passing.ts'
import { memoryStore } from '../stores/memory.ts'
import { get, put } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { scpWork } from './serve.ts'

/** A line that announces it, the eight bytes, and a zero. */
const allBytes = 'C0644 8 file\n'.length + 8 + 1

function sizeOf(pieces: readonly Uint8Array[] | undefined): number {
  assert.ok(pieces !== undefined, 'it ended early')
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

/** Has a file sent to a client that says so often to go on, and then ends or is gone: what was told of the download. */
async function leavingAfter(
  answers: number,
  how: 'ends' | 'breaks' = 'ends',
  contents = 'contents',
): Promise<string | undefined> {
  const events = recordedEvents()
  const login = loginOf()
  const store = memoryStore()
  await put(store, parsePath('/file'), contents)
  const session = { ...login, files: audit(events, new FakeClock())(store, login) }
  const network = memoryNetwork()
  const came = Promise.withResolvers<Conn>()
  await network.listen({ host: '192.0.2.1', port: 22 }, came.resolve)
  const client = await network.connect({ host: '192.0.2.1', port: 22, timeoutMs: 1000 })
  for (let count = 0; count < answers; count += 1) await client.write(Uint8Array.of(0))
  if (how === 'ends') await client.end()
  const work = scpWork(events)('scp -f /file')
  const conn = await came.promise
  const done = work?.(conn, session)
  if (how === 'breaks') {
    for (let heard = 0; heard < allBytes;) heard += sizeOf(await client.read())
    client.destroy(new Error('killed'))
    await assert.rejects(async () => done)
  } else await done
  return events.of('download')[0]?.outcome
}

test('a client that takes all bytes and ends without a word has the file: libssh2 does so', async () => {
  assert.equal(await leavingAfter(2), 'complete')
})

test('one that says so has it too', async () => {
  assert.equal(await leavingAfter(3), 'complete')
})

test('an empty file that is fetched is told of', async () => {
  assert.equal(await leavingAfter(3, 'ends', ''), 'complete')
})

test('one whose connection breaks before it has said so may not have it', async () => {
  assert.equal(await leavingAfter(2, 'breaks'), 'incomplete')
})

test('a file that cannot be had is told, the next one arrives, and the end says that not all was well', async () => {
  const store = memoryStore()
  await store.mkdir(parsePath('/taken'))
  const network = memoryNetwork()
  const came = Promise.withResolvers<Conn>()
  await network.listen({ host: '192.0.2.1', port: 22 }, came.resolve)
  const client = await network.connect({ host: '192.0.2.1', port: 22, timeoutMs: 1000 })
  await client.write(Buffer.from('C0644 1 taken\nC0644 1 free\ny\0'))
  await client.end()
  const work = scpWork(recordedEvents())('scp -t /')
  const conn = await came.promise
  assert.equal(await work?.(conn, { ...loginOf(), files: store }), 1)
  assert.equal((await store.stat(parsePath('/taken'))).kind, 'directory')
  assert.equal(await get(store, parsePath('/free')), 'y')
})

/** It keeps no modes, and says so of each that it is given. */
class WithoutModes extends PassingStore {
  override get features(): ReadonlySet<Feature> {
    return new Set(['times'])
  }

  override async change(path: Path, to: Change): Promise<void> {
    if (to.mode !== undefined) throw new FileError('unsupported', 'there are no modes here')
    return super.change(path, to)
  }
}

test('with -p a file keeps its time also where nothing has a mode', async () => {
  const store = new WithoutModes(memoryStore())
  const network = memoryNetwork()
  const came = Promise.withResolvers<Conn>()
  await network.listen({ host: '192.0.2.1', port: 22 }, came.resolve)
  const client = await network.connect({ host: '192.0.2.1', port: 22, timeoutMs: 1000 })
  await client.write(Buffer.from('T1000000000 0 1000000000 0\nC0600 1 file\ny\0'))
  await client.end()
  const work = scpWork(recordedEvents())('scp -p -t /')
  const conn = await came.promise
  assert.equal(await work?.(conn, { ...loginOf(), files: store }), 0)
  assert.equal((await store.stat(parsePath('/file'))).modified.getTime(), 1_000_000_000_000)
})
