import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryClaims } from '../core/claims.ts'
import type { PathRights, Right } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import { allRights } from '../core/rights.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { exists, get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { atomicUploads } from './atomic.ts'
import { permissions } from './permissions.ts'

const old = parsePath('/old')
const fresh = parsePath('/fresh')

/** Opens and closes: what an opening changes, it has changed then. */
async function opens(store: Store, path: typeof old, how: Opening): Promise<void> {
  const file: OpenFile = await store.open(path, how)
  await file.close()
}

type Deed = readonly [needs: readonly Right[] | 'any', act: (store: Store) => Promise<unknown>]

/** Every method and every way to open, with the rights it needs: all of them, or any one. */
const deeds: Record<string, Deed> = {
  stat: ['any', (store) => store.stat(old)],
  space: ['any', (store) => store.space(old)],
  list: [['list'], (store) => namesIn(store, rootPath)],
  'open to read': [['read'], (store) => opens(store, old, { read: true })],
  'open to write what is there': [['overwrite'], (store) => opens(store, old, { write: true })],
  'open to read and write': [
    ['read', 'overwrite'],
    (store) => opens(store, old, { read: true, write: true }),
  ],
  'upload anew': [
    ['overwrite'],
    (store) => opens(store, old, { write: true, create: 'allow', truncate: true }),
  ],
  'upload, going on': [
    ['overwrite'],
    (store) => opens(store, old, { write: true, create: 'allow', truncate: true, from: 2 }),
  ],
  'upload to a free name': [
    ['create'],
    (store) => opens(store, fresh, { write: true, create: 'allow', truncate: true }),
  ],
  'upload to a name that must be free': [
    ['create'],
    (store) => opens(store, fresh, { write: true, create: 'require' }),
  ],
  'read and upload to a free name': [
    ['read', 'create'],
    (store) => opens(store, fresh, { read: true, write: true, create: 'allow' }),
  ],
  append: [['overwrite'], (store) => opens(store, old, { write: true, create: 'allow', append: true })],
  'append to a free name': [
    ['create'],
    (store) => opens(store, fresh, { write: true, create: 'allow', append: true }),
  ],
  remove: [['remove'], (store) => store.remove(old)],
  mkdir: [['directories'], (store) => store.mkdir(fresh)],
  rmdir: [['directories'], (store) => store.rmdir(parsePath('/directory'))],
  rename: [['rename'], (store) => store.rename(old, fresh, false)],
  'rename over another file': [
    ['rename', 'overwrite'],
    (store) => store.rename(old, parsePath('/other'), true),
  ],
  'rename where nothing is replaced': [['rename'], (store) => store.rename(old, fresh, true)],
  'change a mode': [['attributes'], (store) => store.change(old, { mode: 0o600 })],
  'change a time': [['attributes'], (store) => store.change(old, { modified: new Date(0) })],
  'change a size': [['overwrite'], (store) => store.change(old, { size: 1 })],
  'change a size and a mode': [
    ['overwrite', 'attributes'],
    (store) => store.change(old, { size: 1, mode: 0o600 }),
  ],
  'make a symbolic link': [['links'], (store) => store.link(fresh, 'old', 'symbolic')],
  'make a hard link': [['links'], (store) => store.link(fresh, old, 'hard')],
}

async function home(): Promise<Store> {
  const store = memoryStore({ limit: 100_000 })
  await put(store, old, 'old content')
  await put(store, parsePath('/other'), 'other content')
  await store.mkdir(parsePath('/directory'))
  return store
}

/** All that can be seen of a home, to show that a refusal changed nothing. */
async function everything(store: Store): Promise<unknown> {
  const names = await namesIn(store, rootPath)
  const { mode, modified } = await store.stat(old)
  return [names, await get(store, old), await get(store, parsePath('/other')), mode, modified]
}

for (const [name, [needs, act]] of Object.entries(deeds)) {
  void test(`to ${name} needs ${needs === 'any' ? 'any right' : needs.join(' and ')} and nothing else`, async () => {
    const most = [...allRights]
    const sets = [[], most, ...most.map((one) => [one]), ...most.map((one) => most.filter((r) => r !== one))]
    if (needs !== 'any') sets.push([...needs])
    for (const allow of sets) {
      const inner = await home()
      const before = await everything(inner)
      const login = loginOf({ rights: [{ path: rootPath, allow }] })
      const store = permissions(atomicUploads(memoryClaims())(inner, login), login)
      const allowed = needs === 'any' ? allow.length > 0 : needs.every((right) => allow.includes(right))
      if (allowed) await act(store)
      else {
        await refused('denied', act(store))
        assert.deepEqual(await everything(inner), before, `refused with ${allow.join()}`)
      }
    }
  })
}

function ruled(inner: Store, ...rules: readonly [string, ...Right[]][]): Store {
  const rights: PathRights[] = rules.map(([path, ...allow]) => ({ path: parsePath(path), allow }))
  return permissions(inner, loginOf({ rights }))
}

/** The words are for the peer, the rule for the log. */
function denied(text: string): FileError {
  return new FileError('denied', text, { rule: 'rights of /' })
}

void test('a refusal names the right, and never the path', async () => {
  const store = ruled(await home(), ['/', 'read'])
  await assert.rejects(store.remove(old), denied('you may not remove files here'))
  await assert.rejects(put(store, old, 'x'), denied('you may not create files here'))
  const creator = ruled(await home(), ['/', 'create'])
  await assert.rejects(put(creator, old, 'x'), denied('you may not overwrite files here'))
})

void test('an account without rules does not meet the rule at all', async () => {
  const inner = await home()
  assert.equal(permissions(inner, loginOf()), inner)
})

void test('the deepest rule decides alone, by parts of the path and not by letters', async () => {
  const inner = memoryStore()
  for (const name of ['/in', '/in/deep', '/inner']) await inner.mkdir(parsePath(name))
  const store = ruled(inner, ['/', 'read', 'create'], ['/in', 'read'], ['/in/deep', 'create'])
  await put(store, parsePath('/inner/a'), 'a')
  await refused('denied', put(store, parsePath('/in/a'), 'a'))
  await put(store, parsePath('/in/deep/a'), 'a')
  await refused('denied', get(store, parsePath('/in/deep/a')))
})

void test('what no rule covers is closed, but the way to what is open can be walked', async () => {
  const inner = memoryStore()
  for (const name of ['/a', '/a/b', '/c']) await inner.mkdir(parsePath(name))
  const store = ruled(inner, ['/a/b', 'list'])
  for (const path of ['/', '/a', '/a/b']) await store.stat(parsePath(path))
  assert.deepEqual(await namesIn(store, parsePath('/a/b')), [])
  await refused('denied', namesIn(store, parsePath('/a')))
  // The same answer whether it is there or not.
  await refused('denied', store.stat(parsePath('/c')))
  await refused('denied', store.stat(parsePath('/missing')))
})

void test('a listing does not name what may not be seen', async () => {
  const inner = memoryStore()
  for (const name of ['/open', '/closed', '/way', '/way/there']) await inner.mkdir(parsePath(name))
  const store = ruled(inner, ['/', 'list'], ['/closed'], ['/closed/below'], ['/way'], ['/way/there', 'list'])
  assert.deepEqual(await namesIn(store, rootPath), ['open', 'way'])
})

void test('who may only create cannot replace, even by a name that comes up meanwhile', async () => {
  const inner = await home()
  const store = ruled(inner, ['/', 'create', 'rename'])
  await put(store, fresh, 'fresh')
  await refused('denied', put(store, fresh, 'again'))
  assert.equal(await get(inner, fresh), 'fresh')
  await refused('denied', store.rename(fresh, old, true))
  await refused('exists', store.rename(fresh, old, false))
  assert.equal(await get(inner, old), 'old content')
})

void test('who may only overwrite cannot create', async () => {
  const inner = await home()
  const store = ruled(inner, ['/', 'overwrite'])
  await put(store, old, 'new')
  await refused('denied', put(store, fresh, 'fresh'))
  assert.equal(await exists(inner, fresh), false)
})

void test('a rename needs its right on both sides', async () => {
  const inner = memoryStore()
  for (const name of ['/in', '/out']) await inner.mkdir(parsePath(name))
  const [from, to] = [parsePath('/in/a'), parsePath('/out/a')]
  await put(inner, from, 'a')
  await refused('denied', ruled(inner, ['/in', 'rename'], ['/out', 'create']).rename(from, to, false))
  await refused('denied', ruled(inner, ['/in', 'remove'], ['/out', 'rename']).rename(from, to, false))
  await ruled(inner, ['/in', 'rename'], ['/out', 'rename']).rename(from, to, false)
  assert.equal(await get(inner, to), 'a')
})

void test('a directory with a rule at or below it cannot be moved away from it, nor another under one', async () => {
  const inner = memoryStore()
  for (const name of ['/a', '/a/secret', '/b']) await inner.mkdir(parsePath(name))
  const store = ruled(inner, ['/', ...allRights], ['/a/secret'])
  await refused('denied', store.rename(parsePath('/a'), parsePath('/c'), false))
  await refused('denied', store.rename(parsePath('/a/secret'), parsePath('/c'), false))
  const strict = ruled(inner, ['/', ...allRights], ['/a/secret', 'rename'])
  await refused('denied', strict.rename(parsePath('/a/secret'), parsePath('/c'), false))
  await refused('denied', store.rename(parsePath('/b'), parsePath('/a'), true))
  await store.rename(parsePath('/b'), parsePath('/c'), false)
  assert.deepEqual(await namesIn(inner, rootPath), ['a', 'c'])
})

void test('a link cannot lead to where less is allowed, at once or after a move', async () => {
  const inner = memoryStore()
  for (const name of ['/a', '/a/b', '/a/secret', '/secret']) await inner.mkdir(parsePath(name))
  await put(inner, parsePath('/secret/key'), 'key')
  const store = ruled(inner, ['/', ...allRights], ['/secret'], ['/a/other', 'read'])
  const link = parsePath('/a/b/link')
  await refused('denied', store.link(link, '../../secret/key', 'symbolic'))
  await refused('denied', store.link(parsePath('/link'), 'secret', 'symbolic'))
  await refused('denied', store.link(link, '/secret/key', 'hard'))
  // What is above a rule leads into it.
  await refused('denied', store.link(link, '../..', 'symbolic'))
  await store.link(link, '../secret', 'symbolic')
  await refused('denied', store.rename(link, parsePath('/a/link'), false))
  await store.rename(link, parsePath('/a/b/renamed'), false)
})
