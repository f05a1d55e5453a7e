import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { FileError, IncompleteError, NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { parsePath, rootPath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { SftpWorld } from '../../testing/sftp-world.ts'
import { putFile } from '../../testing/store-files.ts'
import { whileTurning } from '../../testing/while-turning.ts'
import { lasting } from './lasting.ts'
import { openSftp } from './remote.ts'

const path = parsePath('/file')

/** Lets so many bytes through from the server, and cuts the connection then. */
function cutAfter(conn: Conn, bytes: number): Conn {
  let left = bytes
  return {
    local: conn.local,
    remote: conn.remote,
    secure: conn.secure,
    async read() {
      const pieces = await conn.read()
      for (const { length } of pieces ?? []) left -= length
      if (left >= 0) return pieces
      conn.destroy(new Error('cut'))
      throw new NetworkError('reset', 'the other side cut the connection')
    },
    write: (data: Uint8Array) => conn.write(data),
    end: () => conn.end(),
    destroy: (reason?: Error) => conn.destroy(reason),
  }
}

/** Works with a server whose connections let so many bytes come, one after another; those behind let all come. */
async function atServer<Result>(
  cuts: readonly number[],
  work: (store: RemoteStore, world: SftpWorld, dialled: () => number) => Promise<Result>,
  retries?: number,
): Promise<Result> {
  const clock = new FakeClock()
  const world = new SftpWorld({ clock, account: { uploads: 'in-place' } })
  let count = 0
  const dial = async () => {
    const bytes = cuts[count]
    count += 1
    const conn = await world.dial()
    return openSftp({
      conn: bytes === undefined ? conn : cutAfter(conn, bytes),
      clock,
      url: 'sftp://192.0.2.1/',
    })
  }
  await putFile(world.home, path, 'there')
  const store = lasting(await dial(), { clock, dial, retries })
  try {
    return await whileTurning(
      clock,
      work(store, world, () => count),
    )
  } finally {
    await store.end()
    await world.over()
  }
}

async function askOften(store: RemoteStore): Promise<void> {
  for (let at = 0; at < 100; at += 1) await store.stat(path)
}

/** What saying hello and asking where one is brings, and little more. */
const hello = 900

void test('a question whose connection breaks is asked again over another one', async () => {
  await atServer([hello, 10], async (store, _world, dialled) => {
    for (let at = 0; at < 100; at += 1) assert.equal((await store.stat(path)).size, 5)
    assert.ok(dialled() >= 2)
    await assert.rejects(store.stat(parsePath('/none')), FileError)
  })
})

void test('a listing that broke off is begun anew, and nothing of it is told twice', async () => {
  await atServer([20_000, 40_000], async (store, world, dialled) => {
    for (let at = 0; at < 1000; at += 1) await putFile(world.home, parsePath(`/f${at}`), 'x')
    const names: string[] = []
    for await (const batch of store.list(rootPath)) names.push(...batch.map(({ name }) => name))
    assert.equal(names.length, 1001)
    assert.equal(new Set(names).size, 1001)
    assert.equal(dialled(), 3)
  })
})

void test('a file that is read or written when its connection breaks is not whole, and the next goes over another one', async () => {
  await atServer([200_000, hello + 5000], async (store, world) => {
    await putFile(world.home, path, randomFillSync(new Uint8Array(1_000_000)))
    const down = await store.open(path, { read: true })
    const cut = await down.read(new Uint8Array(1_000_000), 0).catch((thrown: unknown) => thrown)
    assert.ok(cut instanceof IncompleteError)
    assert.deepEqual([cut.facts.phase, cut.facts.retryable], ['data', true])
    await down.abort(cut)
    const up = await store.open(parsePath('/up'), { write: true, create: 'allow', truncate: true })
    const end = async (): Promise<void> => {
      for (let at = 0; at < 5000; at += 1) await up.write([Uint8Array.of(at)], at)
      await up.close()
    }
    await assert.rejects(end(), IncompleteError)
    assert.equal((await store.stat(path)).size, 1_000_000)
  })
})

void test('what changes something is said once, and the next command connects again', async () => {
  await atServer([hello], async (store, _world, dialled) => {
    const made = async (): Promise<void> => {
      for (let at = 0; at < 100; at += 1) await store.mkdir(parsePath(`/d${at}`))
    }
    const cut = await made().catch((thrown: unknown) => thrown)
    assert.ok(cut instanceof NetworkError)
    assert.equal(cut.facts.retryable, true)
    assert.equal(dialled(), 1)
    await store.mkdir(parsePath('/more'))
    assert.equal(dialled(), 2)
  })
})

void test('it is asked as often as was said, and not again once all is ended', async () => {
  await atServer([hello, 10], async (store) => assert.rejects(askOften(store), NetworkError), 0)
  await atServer([], async (store, _world, dialled) => {
    await store.end()
    await assert.rejects(store.stat(path), NetworkError)
    assert.equal(dialled(), 1)
  })
})
