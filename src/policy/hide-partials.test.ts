import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryClaims } from '../core/claims.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { exists, get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { hidePartials } from './hide-partials.ts'
import { PassingStore } from './passing.ts'

const part = parsePath('/in/.ferry-part-abc-file')
const file = parsePath('/in/file')
const below = parsePath('/in/.ferry-part-abc-file/below')

async function world() {
  const inner = memoryStore({ limit: 100_000 })
  await inner.mkdir(parsePath('/in'))
  await put(inner, part, 'half')
  await put(inner, file, 'whole')
  const underWay = memoryClaims()
  return { inner, underWay, store: hidePartials(underWay)(inner, loginOf()) }
}

void test('no listing shows a part', async () => {
  const { inner, store } = await world()
  assert.deepEqual(await namesIn(store, parsePath('/in')), ['file'])
  await inner.remove(file)
  for await (const batch of store.list(parsePath('/in'))) assert.fail(`a batch of ${batch.length}`)
})

const asIfMissing: Record<string, (store: Store, path: Path) => Promise<unknown>> = {
  stat: (store, path) => store.stat(path),
  'stat of the name itself': (store, path) => store.stat(path, false),
  list: (store, path) => namesIn(store, path),
  'open to read': (store, path) => store.open(path, { read: true }),
  'open to write': (store, path) => store.open(path, { write: true }),
  'open to cut': (store, path) => store.open(path, { write: true, truncate: true }),
  remove: (store, path) => store.remove(path),
  rmdir: (store, path) => store.rmdir(path),
  rename: (store, path) => store.rename(path, parsePath('/in/stolen'), true),
  change: (store, path) => store.change(path, { size: 0 }),
  space: (store, path) => store.space(path),
}

const making: Record<string, (store: Store, path: Path) => Promise<unknown>> = {
  'open to create': (store, path) => store.open(path, { write: true, create: 'allow' }),
  mkdir: (store, path) => store.mkdir(path),
  'rename onto it': (store, path) => store.rename(file, path, true),
  'link there': (store, path) => store.link(path, 'file', 'symbolic'),
  'symbolic link to it': (store, path) => store.link(parsePath('/in/link'), path.slice(4), 'symbolic'),
  'hard link to it': (store, path) => store.link(parsePath('/in/link'), path, 'hard'),
}

for (const [name, act] of [...Object.entries(asIfMissing), ...Object.entries(making)]) {
  void test(`nobody touches a part by its name: ${name}`, async () => {
    const { inner, store } = await world()
    for (const path of [part, below, parsePath('/in/.Ferry-Part-abc-file')]) {
      await refused(name in making ? 'denied' : 'not-found', act(store, path))
    }
    assert.deepEqual(await namesIn(inner, parsePath('/in')), ['.ferry-part-abc-file', 'file'])
    assert.equal(await get(inner, part), 'half')
  })
}

void test('everything else goes through', async () => {
  const { inner, store } = await world()
  assert.equal(await get(store, file), 'whole')
  await put(store, file, 'new')
  await store.change(file, { modified: new Date(0) })
  assert.equal((await store.stat(file)).modified.getTime(), 0)
  await store.link(parsePath('/in/link'), 'file', 'symbolic')
  await store.rename(file, parsePath('/in/moved'), false)
  await store.remove(parsePath('/in/link'))
  await store.mkdir(parsePath('/in/directory'))
  await store.rmdir(parsePath('/in/directory'))
  assert.equal((await store.space(rootPath)).total, 100_000)
  assert.equal(store.features, inner.features)
  assert.deepEqual(await namesIn(store, parsePath('/in')), ['moved'])
})

void test('a directory that seems empty can be removed, with the parts in it', async () => {
  const { inner, store } = await world()
  await inner.remove(file)
  await put(inner, parsePath('/in/.ferry-part-def-other'), 'half')
  await store.rmdir(parsePath('/in'))
  assert.equal(await exists(inner, parsePath('/in')), false)
})

void test('one that holds anything else cannot, and keeps its parts', async () => {
  const { inner, store } = await world()
  await refused('not-empty', store.rmdir(parsePath('/in')))
  assert.deepEqual(await namesIn(inner, parsePath('/in')), ['.ferry-part-abc-file', 'file'])
})

void test('one into which an upload is under way cannot, and keeps its parts', async () => {
  const { inner, underWay, store } = await world()
  await inner.remove(file)
  underWay.take(part)
  await refused('busy', store.rmdir(parsePath('/in')))
  assert.equal(await get(inner, part), 'half')
})

void test('one that the store does not let go keeps its parts', async () => {
  const { inner, underWay } = await world()
  await inner.remove(file)
  const kept = new (class extends PassingStore {
    override async rmdir(path: Path): Promise<void> {
      throw new FileError('denied', `${path} stays`)
    }
  })(inner)
  await refused('denied', hidePartials(underWay)(kept, loginOf()).rmdir(parsePath('/in')))
  assert.equal(await get(inner, part), 'half')
})

void test('a missing directory and a file are refused as the store refuses them', async () => {
  const { store } = await world()
  await refused('not-found', store.rmdir(parsePath('/missing')))
  await refused('not-directory', store.rmdir(file))
})
