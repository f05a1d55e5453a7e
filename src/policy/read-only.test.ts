import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { readOnly } from './read-only.ts'

const file = parsePath('/file')
const fresh = parsePath('/fresh')

const changes: Record<string, (store: Store) => Promise<unknown>> = {
  write: (store) => store.open(file, { write: true }),
  'read and write': (store) => store.open(file, { read: true, write: true }),
  create: (store) => store.open(fresh, { read: true, create: 'allow' }),
  'require creation': (store) => store.open(fresh, { write: true, create: 'require' }),
  truncate: (store) => store.open(file, { read: true, truncate: true }),
  append: (store) => store.open(file, { read: true, append: true }),
  remove: (store) => store.remove(file),
  mkdir: (store) => store.mkdir(fresh),
  rmdir: (store) => store.rmdir(parsePath('/directory')),
  rename: (store) => store.rename(file, fresh, true),
  change: (store) => store.change(file, { modified: new Date(0) }),
  'symbolic link': (store) => store.link(fresh, 'file', 'symbolic'),
  'hard link': (store) => store.link(fresh, file, 'hard'),
}

async function home(): Promise<Store> {
  const store = memoryStore({ limit: 1000 })
  await put(store, file, 'content')
  await store.mkdir(parsePath('/directory'))
  return store
}

for (const [deed, act] of Object.entries(changes)) {
  void test(`an account that may only read cannot ${deed}`, async () => {
    const inner = await home()
    await refused('denied', act(readOnly(inner, loginOf({ readOnly: true }))))
    assert.equal(await get(inner, file), 'content')
    assert.deepEqual(await namesIn(inner, rootPath), ['directory', 'file'])
  })
}

void test('reading goes through', async () => {
  const store = readOnly(await home(), loginOf({ readOnly: true }))
  assert.equal(await get(store, file), 'content')
  assert.equal((await store.stat(file)).size, 7)
  assert.deepEqual(await namesIn(store, rootPath), ['directory', 'file'])
  assert.equal((await store.space(rootPath)).total, 1000)
  assert.ok(store.features.has('space'))
})

void test('other accounts do not meet the rule at all', async () => {
  const inner = await home()
  assert.equal(readOnly(inner, loginOf()), inner)
})
