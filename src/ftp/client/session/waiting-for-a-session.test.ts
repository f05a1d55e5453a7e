import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError } from '../../../core/error.ts'
import { parsePath, rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock, settle } from '../../../testing/fake-clock.ts'

const path = parsePath('/file.bin')

/** With a client that may have one session. */
async function withOne(work: (store: RemoteStore, clock: FakeClock) => Promise<void>): Promise<void> {
  const clock = new FakeClock()
  await atMisbehaving({}, (store) => work(store, clock), { clock, connections: 1, silenceMs: 10_000 })
}

test('who waits for a session that an open file holds is told, once nobody has read that file for long', async () => {
  await withOne(async (store, clock) => {
    const file = await store.open(path, { read: true })
    const waiting = assert.rejects(
      store.stat(rootPath),
      (thrown) => thrown instanceof NetworkError && thrown.fault === 'timeout',
    )
    await clock.advance(30_000)
    await waiting
    await file.abort(new Error('enough'))
  })
})

test('as long as the file is read, others wait', async () => {
  await withOne(async (store, clock) => {
    const file = await store.open(path, { read: true })
    const size = store.begun?.(path)
    const into = new Uint8Array(10_000)
    for (let at = 0; at < 100_000; at += await file.read(into, at)) await clock.advance(15_000)
    await file.read(into, 100_000)
    await file.close()
    assert.equal(await size, 100_000)
  })
})

test('who stops waiting does not take the turn of another', async () => {
  await withOne(async (store) => {
    const file = await store.open(path, { read: true })
    const stop = new AbortController()
    const first = assert.rejects(store.under(stop.signal).stat(path))
    const second = store.begun?.(path)
    await settle()
    stop.abort()
    await first
    await file.abort(new Error('enough'))
    assert.equal(await second, 100_000)
  })
})
