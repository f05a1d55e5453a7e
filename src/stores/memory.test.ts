import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../core/clock.ts'
import { FileError, type Fault } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import { transfer } from '../core/transfer.ts'
import { conformsStore } from '../testing/conforms-store.ts'
import { memoryStore } from './memory.ts'

const file = parsePath('/file')
const fault = (wanted: Fault) => (error: unknown) => error instanceof FileError && error.fault === wanted
const never = async () => undefined

conformsStore('memory', async () => ({ store: memoryStore(), end: never }))
conformsStore('memory with a limit', async () => ({
  store: memoryStore({ limit: 16 * 2 ** 20 }),
  end: never,
}))

test('times come from the clock', async () => {
  let now = 1000
  const clock: Clock = { now: () => now, ticks: () => now, after: () => ({ cancel: () => undefined }) }
  const store = memoryStore({ clock })
  const open = await store.open(file, { write: true, create: 'allow' })
  now = 2000
  await transfer(open, () => open.write([Buffer.from('x')], 0))
  const entry = await store.stat(file)
  assert.equal(entry.created?.getTime(), 1000)
  assert.equal(entry.modified.getTime(), 2000)
})

test('past the limit a write is refused whole, and room comes back when a file goes', async () => {
  const store = memoryStore({ limit: 100 })
  const open = await store.open(file, { write: true, create: 'allow' })
  await open.write([new Uint8Array(60)], 0)
  await assert.rejects(open.write([new Uint8Array(41)], 60), fault('full'))
  await assert.rejects(store.change(file, { size: 101 }), fault('full'))
  assert.equal((await open.stat()).size, 60)
  await open.write([new Uint8Array(100)], 0)
  assert.deepEqual(await store.space(file), { total: 100, free: 0 })
  await store.remove(file)
  assert.equal((await store.space(parsePath('/'))).free, 0, 'who has it open still holds it')
  await open.close()
  assert.equal((await store.space(parsePath('/'))).free, 100)
})

test('room comes back when a file is cut, replaced, or loses its last name', async () => {
  const store = memoryStore({ limit: 100 })
  const put = async (path: string, size: number) => {
    const open = await store.open(parsePath(path), { write: true, create: 'allow', truncate: true })
    await transfer(open, () => open.write([new Uint8Array(size)], 0))
  }
  const free = async () => (await store.space(parsePath('/'))).free
  await put('/a', 50)
  await put('/b', 50)
  await store.rename(parsePath('/a'), parsePath('/b'), true)
  assert.equal(await free(), 50)
  await store.link(parsePath('/c'), '/b', 'hard')
  await store.remove(parsePath('/b'))
  assert.equal(await free(), 50)
  await put('/c', 10)
  assert.equal(await free(), 90)
  await store.remove(parsePath('/c'))
  assert.equal(await free(), 100)
})

test('a file without a name lives as long as it is open', async () => {
  const store = memoryStore()
  const open = await store.open(file, { read: true, write: true, create: 'allow' })
  await open.write([Buffer.from('content')], 0)
  await store.remove(file)
  const into = new Uint8Array(7)
  assert.equal(await open.read(into, 0), 7)
  assert.equal(Buffer.from(into).toString(), 'content')
  await open.abort(new Error('done'))
})

test('a cut file that grows again holds zeros where it was cut', async () => {
  const store = memoryStore()
  const open = await store.open(file, { read: true, write: true, create: 'allow' })
  await open.write([new Uint8Array(200_000).fill(7)], 0)
  await store.change(file, { size: 70_000 })
  await store.change(file, { size: 200_000 })
  const into = new Uint8Array(200_000)
  await open.read(into, 0)
  assert.ok(into.subarray(0, 70_000).every((byte) => byte === 7))
  assert.ok(into.subarray(70_000).every((byte) => byte === 0))
  await open.close()
})

test('links do not lead outside', async () => {
  const store = memoryStore()
  await store.mkdir(parsePath('/a'))
  await assert.rejects(store.link(parsePath('/a/link'), '/etc/passwd', 'symbolic'), fault('denied'))
  await assert.rejects(store.link(parsePath('/a/link'), '../../etc', 'symbolic'), fault('denied'))
  await store.link(parsePath('/a/link'), '../a/../x', 'symbolic')
  await store.mkdir(parsePath('/a/b'))
  await store.link(parsePath('/a/b/up'), '../..', 'symbolic')
  await store.rename(parsePath('/a/b/up'), parsePath('/up'), false)
  await assert.rejects(store.stat(parsePath('/up')), fault('denied'), 'a link that was moved too far up')
})

test('a far write in a file costs only what is written', async () => {
  const store = memoryStore()
  const open = await store.open(file, { read: true, write: true, create: 'allow' })
  await open.write([Buffer.from('far')], 2 ** 45)
  const into = new Uint8Array(5)
  assert.equal(await open.read(into, 2 ** 45 - 2), 5)
  assert.deepEqual([...into], [0, 0, 0x66, 0x61, 0x72])
  await open.close()
})
