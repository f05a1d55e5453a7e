import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError, type Fault } from '../core/error.ts'
import { parsePath, type Path } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { conformsStore } from '../testing/conforms-store.ts'
import { diskStore } from './disk.ts'
import { memoryStore } from './memory.ts'
import { mounts } from './mounts.ts'

const path = parsePath
const fault = (wanted: Fault) => (error: unknown) => error instanceof FileError && error.fault === wanted

for (const at of ['/', '/stores/disk']) {
  conformsStore(
    `a disk mounted over memory, seen at ${at},`,
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'ferry-mounts-'))
      const disk = await diskStore(root)
      const store = mounts([
        { at: path('/'), store: memoryStore() },
        { at: path('/stores/disk'), store: disk },
      ])
      return {
        store,
        async end() {
          await disk.close()
          await rm(root, { recursive: true })
        },
      }
    },
    { at },
  )
}

async function put(store: Store, name: string, text: string): Promise<void> {
  const file = await store.open(path(name), { write: true, create: 'allow', truncate: true })
  await transfer(file, () => file.write([Buffer.from(text)], 0))
}

async function list(store: Store, name: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of store.list(path(name))) entries.push(...batch)
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

const names = async (store: Store, name: string) => (await list(store, name)).map((entry) => entry.name)

test('mounts and the way to them are seen as directories', async () => {
  const deep = memoryStore()
  await put(deep, '/file', 'deep')
  const store = mounts([{ at: path('/a/b/c'), store: deep }])
  for (const [directory, content] of [
    ['/', 'a'],
    ['/a', 'b'],
    ['/a/b', 'c'],
    ['/a/b/c', 'file'],
  ] as const) {
    assert.equal((await store.stat(path(directory))).kind, 'directory')
    assert.deepEqual(await names(store, directory), [content])
  }
  assert.equal((await store.stat(path('/a/b/c'))).name, 'c')
  await assert.rejects(store.stat(path('/other')), fault('not-found'))
  await assert.rejects(list(store, '/a/other'), fault('not-found'))
})

test('nothing can be made where no store is', async () => {
  const store = mounts([{ at: path('/a/b'), store: memoryStore() }])
  await assert.rejects(store.mkdir(path('/new')), fault('denied'))
  await assert.rejects(store.mkdir(path('/a/new')), fault('denied'))
  await assert.rejects(put(store, '/a/file', ''), fault('denied'))
  await assert.rejects(put(store, '/x/file', ''), fault('not-found'))
  await assert.rejects(store.change(path('/a'), { mode: 0 }), fault('denied'))
  await assert.rejects(store.open(path('/a/file'), { read: true }), fault('not-found'))
})

test('where a store lacks the directory that leads to a mount, nothing is said to be missing that is listed', async () => {
  const store = mounts([
    { at: path('/'), store: memoryStore() },
    { at: path('/a/b'), store: memoryStore() },
  ])
  await assert.rejects(store.mkdir(path('/a/new')), fault('denied'))
  await assert.rejects(put(store, '/a/file', ''), fault('denied'))
  await assert.rejects(store.open(path('/a/file'), { read: true }), fault('not-found'))
  await assert.rejects(store.mkdir(path('/other/new')), fault('not-found'))
  await assert.rejects(store.mkdir(path('/a/b/other/new')), fault('not-found'))
})

test('what a mount covers is not seen, and stands when the mount is gone', async () => {
  const below = memoryStore()
  await below.mkdir(path('/mount'))
  await put(below, '/mount/old', 'covered')
  await put(below, '/way', 'a file where a directory must be')
  const store = mounts([
    { at: path('/'), store: below },
    { at: path('/mount'), store: memoryStore() },
    { at: path('/way/mount'), store: memoryStore() },
  ])
  await put(store, '/mount/new', 'new')
  assert.deepEqual(await names(store, '/mount'), ['new'])
  assert.deepEqual(await names(store, '/'), ['mount', 'way'])
  assert.deepEqual(await names(store, '/way'), ['mount'])
  assert.equal((await store.stat(path('/way'))).kind, 'directory')
  assert.deepEqual(await names(below, '/mount'), ['old'])
})

test('the deepest mount decides, whatever the order they were given in', async () => {
  const [root, outer, inner] = [memoryStore(), memoryStore(), memoryStore()]
  const store = mounts([
    { at: path('/outer/inner'), store: inner },
    { at: path('/'), store: root },
    { at: path('/outer'), store: outer },
  ])
  await put(store, '/file', 'root')
  await put(store, '/outer/file', 'outer')
  await put(store, '/outer/inner/file', 'inner')
  await put(store, '/outerly', 'not in outer')
  assert.deepEqual(await names(root, '/'), ['file', 'outerly'])
  assert.deepEqual(await names(outer, '/'), ['file'])
  assert.deepEqual(await names(inner, '/'), ['file'])
  assert.deepEqual(await names(store, '/outer'), ['file', 'inner'])
})

test('a mount and what leads to it stay where they are', async () => {
  const store = mounts([
    { at: path('/'), store: memoryStore() },
    { at: path('/a/mount'), store: memoryStore() },
  ])
  await put(store, '/file', '')
  for (const place of ['/a', '/a/mount']) {
    await assert.rejects(store.rmdir(path(place)), fault('denied'))
    await assert.rejects(store.remove(path(place)), fault('is-directory'))
    await assert.rejects(store.mkdir(path(place)), fault('exists'))
    await assert.rejects(store.link(path(place), 'file', 'symbolic'), fault('exists'))
    await assert.rejects(store.rename(path(place), path('/b'), true), fault('denied'))
    await assert.rejects(store.rename(path('/file'), path(place), true), fault('denied'))
    await assert.rejects(store.rename(path('/file'), path(place), false), fault('exists'))
    await assert.rejects(store.open(path(place), { write: true, create: 'allow' }), fault('is-directory'))
  }
})

test('nothing moves and no hard link leads from one store to another', async () => {
  const store = mounts([
    { at: path('/one'), store: memoryStore() },
    { at: path('/two'), store: memoryStore() },
  ])
  await put(store, '/one/file', 'content')
  await assert.rejects(store.rename(path('/one/file'), path('/two/file'), true), fault('unsupported'))
  await assert.rejects(store.link(path('/two/file'), '/one/file', 'hard'), fault('unsupported'))
  await store.rename(path('/one/file'), path('/one/moved'), false)
  await store.link(path('/one/second'), '/one/moved', 'hard')
  assert.deepEqual(await names(store, '/one'), ['moved', 'second'])
  assert.deepEqual(await names(store, '/two'), [])
})

test('what was written to a mount can be asked to be kept, where its store promises that', async () => {
  const inner = memoryStore()
  const store = mounts([{ at: path('/'), store: inner }])
  let synced = 0
  inner.open = async (...how) => {
    const file = await memoryStore().open(...how)
    file.sync = async () => void (synced += 1)
    return file
  }
  const kept = await store.open(path('/a'), { write: true, create: 'allow' })
  await kept.sync?.()
  assert.equal(synced, 1)
})

test('the features are what all stores offer', () => {
  const plain: Store = Object.assign(Object.create(memoryStore()), { features: new Set(['times', 'space']) })
  const store = mounts([
    { at: path('/one'), store: memoryStore() },
    { at: path('/two'), store: plain },
  ])
  assert.deepEqual([...store.features], ['times'])
  assert.deepEqual([...mounts([]).features], [])
})

test('files of different stores have different ids', async () => {
  const store = mounts([
    { at: path('/one'), store: memoryStore() },
    { at: path('/two'), store: memoryStore() },
  ])
  await put(store, '/one/file', '')
  await put(store, '/two/file', '')
  const [one, two] = await Promise.all(['/one/file', '/two/file'].map((name) => store.stat(path(name))))
  assert.ok(one?.id !== undefined && one.id !== two?.id)
  const file = await store.open(path('/one/file'), { read: true })
  assert.equal((await transfer(file, () => file.stat())).id, one.id)
})

/** A store that gives all its files one id. */
function numbered(): Store {
  const inner = memoryStore()
  const stat = inner.stat.bind(inner)
  return Object.assign(inner, { stat: async (name: Path) => ({ ...(await stat(name)), id: '1' }) })
}

test('an id that two stores give is not one file’s', async () => {
  const store = mounts([
    { at: path('/one'), store: numbered() },
    { at: path('/two'), store: numbered() },
  ])
  for (const name of ['/one/file', '/two/file']) await put(store, name, '')
  const [one, two] = await Promise.all(['/one/file', '/two/file'].map((name) => store.stat(path(name))))
  assert.ok(one?.id !== undefined)
  assert.notEqual(one.id, two?.id)
})

test('a mount whose store does not answer is still a directory, and its neighbours are listed', async () => {
  const broken: Store = Object.assign(Object.create(memoryStore()), {
    stat: () => Promise.reject(new FileError('failed', 'the remote is away')),
  })
  const store = mounts([
    { at: path('/broken'), store: broken },
    { at: path('/whole'), store: memoryStore() },
  ])
  assert.deepEqual(await names(store, '/'), ['broken', 'whole'])
})

test('two stores at one place are a mistake', () => {
  assert.throws(() =>
    mounts([
      { at: path('/a'), store: memoryStore() },
      { at: path('/a'), store: memoryStore() },
    ]),
  )
})
