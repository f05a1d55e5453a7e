import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryClaims } from '../core/claims.ts'
import type { Account } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import { joinPath, parentOf, parsePath, rootPath } from '../core/path.ts'
import type { OpenFile, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { exists, get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { atomicUploads } from './atomic.ts'
import { partialPath, tagOf } from './partials.ts'

const target = parsePath('/file')
const part = partialPath(target, tagOf('anna'))
const anew = { write: true, create: 'allow', truncate: true } as const
const broken = new Error('the connection broke')

const deny = async (): Promise<void> => Promise.reject(new FileError('denied', 'not yours'))
const forbid = async (): Promise<void> => Promise.reject(new TypeError('must not be called'))

/** A home, what is under way in it, and a way for someone to log in. */
function world(inner: Store = memoryStore()) {
  const underWay = memoryClaims()
  const policy = atomicUploads(underWay)
  const login = (account: Partial<Account> = {}): Store => policy(inner, loginOf(account))
  return { inner, underWay, login, store: login() }
}

async function begin(store: Store, text: string): Promise<OpenFile> {
  const file = await store.open(target, anew)
  await file.write([Buffer.from(text)], 0)
  return file
}

/** The same store with some methods replaced. */
function but(inner: Store, other: Partial<Store>): Store {
  return new Proxy(inner, {
    get: (from, name) =>
      Reflect.get(other, name) ??
      (name === 'features'
        ? from.features
        : (Reflect.get(from, name) as (() => unknown) | undefined)?.bind(from)),
  })
}

void test('new content is not there before it is complete', async () => {
  const { inner, underWay, store } = world()
  const file = await begin(store, 'new content')
  assert.equal(await exists(inner, target), false)
  assert.equal((await file.stat()).size, 11)
  assert.equal((await file.stat()).name, 'file')
  await file.close()
  assert.equal(await get(inner, target), 'new content')
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
  assert.equal(underWay.size, 0)
})

void test('the old content stays until the new one is complete, and stays when it is not', async () => {
  const { inner, underWay, store } = world()
  await put(inner, target, 'old content, longer')
  const first = await begin(store, 'half')
  assert.equal(await get(store, target), 'old content, longer')
  await first.abort(broken)
  assert.equal(await get(store, target), 'old content, longer')
  assert.equal(underWay.size, 0)
  const second = await begin(store, 'new')
  assert.equal(await get(store, target), 'old content, longer')
  await second.close()
  assert.equal(await get(store, target), 'new')
})

void test('a process that is killed leaves the old content, and a part that its account finds again', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old')
  await begin(store, 'half of the new')
  // Nothing of that process lives on but the disk.
  const after = world(inner).store
  assert.equal(await get(after, target), 'old')
  assert.equal((await after.stat(target)).unfinished, 15)
})

void test('what broke off waits, and an empty one does not', async () => {
  const { inner, store } = world()
  await (await begin(store, 'half')).abort(broken)
  assert.equal(await get(inner, part), 'half')
  await (await begin(store, '')).abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [])
})

void test('only the account that sent it is told of a part', async () => {
  const { login, store } = world()
  await (await begin(store, 'half')).abort(broken)
  await assert.rejects(
    store.stat(target),
    (error) => error instanceof FileError && error.fault === 'not-found' && error.unfinished === 4,
  )
  await assert.rejects(
    login({ name: 'berta' }).stat(target),
    (error) => error instanceof FileError && error.unfinished === undefined,
  )
})

void test('of a file with a newer part both sizes are told', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old content')
  assert.equal((await store.stat(target)).unfinished, undefined)
  await (await begin(store, 'half')).abort(broken)
  const { size, unfinished } = await store.stat(target)
  assert.deepEqual([size, unfinished], [11, 4])
})

void test('the mode of what is replaced is carried over', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old')
  await inner.change(target, { mode: 0o4750 })
  await put(store, target, 'new')
  assert.equal((await inner.stat(target)).mode, 0o4750)
})

void test('a mode that cannot be carried over does not cost the upload', async () => {
  const inner = memoryStore()
  await put(inner, target, 'old')
  await inner.change(target, { mode: 0o600 })
  const { store } = world(but(inner, { change: deny }))
  await put(store, target, 'new')
  assert.equal(await get(inner, target), 'new')
})

void test('a store without modes is not asked to change any', async () => {
  const inner = memoryStore()
  await put(inner, target, 'old')
  await inner.change(target, { mode: 0o600 })
  const { store } = world(but(inner, { change: forbid, features: new Set() }))
  await put(store, target, 'new')
  assert.equal(await get(inner, target), 'new')
})

void test('a mode that is right already is not set', async () => {
  const inner = memoryStore()
  await put(inner, target, 'old')
  const { store } = world(but(inner, { change: forbid }))
  await put(store, target, 'new')
  assert.equal(await get(inner, target), 'new')
})

void test('a change by name meets the upload that this session is sending, and no other one', async () => {
  const { inner, login, store } = world()
  await put(inner, target, 'old')
  await inner.change(target, { mode: 0o644 })
  const file = await begin(store, 'new')
  await store.change(target, { mode: 0o600, modified: new Date(1000) })
  await login().change(target, { mode: 0o664 })
  assert.equal((await inner.stat(target)).mode, 0o664)
  await file.close()
  const { mode, modified } = await inner.stat(target)
  assert.deepEqual([mode, modified.getTime()], [0o600, 1000])
  await store.change(target, { mode: 0o640 })
  assert.equal((await inner.stat(target)).mode, 0o640)
})

void test('two uploads at once do not meet, and the last one that is complete wins', async () => {
  const { inner, underWay, login } = world()
  const first = await begin(login(), 'first')
  const second = await begin(login(), 'the second')
  await first.write([Buffer.from(' one')], 5)
  await second.close()
  assert.equal(await get(inner, target), 'the second')
  await first.close()
  assert.equal(await get(inner, target), 'first one')
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
  assert.equal(underWay.size, 0)
})

void test('two that begin in the same moment take different parts', async () => {
  const { inner, login } = world()
  const files = await Promise.all([login(), login(), login()].map(async (store, at) => begin(store, `${at}`)))
  assert.equal((await namesIn(inner, rootPath)).length, 3)
  for (const file of files) await file.close()
  assert.equal(await get(inner, target), '2')
})

void test('of two that break off, the first waits and the other is dropped', async () => {
  const { inner, login } = world()
  const first = await begin(login(), 'first')
  const second = await begin(login(), 'second')
  await second.abort(broken)
  await first.abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [part.slice(1)])
  assert.equal(await get(inner, part), 'first')
})

void test('one account cannot send one file without end at a time', async () => {
  const { login, underWay } = world()
  const files: OpenFile[] = []
  for (let count = 0; count < 100; count += 1) files.push(await login().open(target, anew))
  await refused('busy', login().open(target, anew))
  for (const file of files) await file.abort(broken)
  assert.equal(underWay.size, 0)
})

void test('another account does not touch the part', async () => {
  const { inner, login } = world()
  await (await begin(login(), 'anna')).abort(broken)
  await (await begin(login({ name: 'berta' }), 'bertas')).abort(broken)
  assert.equal(await get(inner, part), 'anna')
})

void test('a name that must be free must be free at the end too', async () => {
  const { inner, underWay, store } = world()
  const file = await store.open(target, { write: true, create: 'require' })
  await file.write([Buffer.from('mine')], 0)
  await put(inner, target, 'theirs')
  await refused('exists', file.close())
  await file.abort(broken)
  assert.equal(await get(inner, target), 'theirs')
  assert.equal(await get(inner, part), 'mine')
  assert.equal(underWay.size, 0)
  await refused('exists', store.open(target, { write: true, create: 'require' }))
  await refused('exists', store.open(target, { write: true, create: 'require', truncate: true }))
})

void test('a name that somebody is sending to is none for who can take another, of the same account or not', async () => {
  const { inner, underWay, store, login } = world()
  const fresh = { write: true, create: 'require', unique: true } as const
  const file = await store.open(target, fresh)
  await refused('exists', store.open(target, fresh))
  await refused('exists', login({ name: 'bert' }).open(target, fresh))
  // Who wants this one begins anew, while a dead session has not ended.
  const again = await store.open(target, { write: true, create: 'require' })
  await again.close()
  await file.abort(broken)
  assert.equal(underWay.size, 0)
  await inner.remove(target)
  await (await login({ name: 'bert' }).open(target, fresh)).close()
  assert.equal(underWay.size, 0)
})

/** A store that fails to keep what was written, as often as said. */
function losing(inner: Store, times: number): Store {
  let left = times
  const open: Store['open'] = async (path, how) => {
    const file = await inner.open(path, how)
    if (how.write !== true) return file
    return {
      stat: async () => file.stat(),
      read: async (into, at) => file.read(into, at),
      write: async (pieces, at) => file.write(pieces, at),
      abort: async (reason) => file.abort(reason),
      async close() {
        left -= 1
        if (left >= 0) throw new FileError('full', 'no room')
        await file.close()
      },
    }
  }
  return but(inner, { open })
}

void test('when the store cannot keep all, nothing waits to be gone on with', async () => {
  const inner = memoryStore()
  const { underWay, store } = world(losing(inner, 1))
  const file = await begin(store, 'half')
  await refused('full', file.close())
  await file.abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [])
  assert.equal(underWay.size, 0)
})

void test('nor when that shows only as the upload is given up', async () => {
  const inner = memoryStore()
  const { underWay, store } = world(losing(inner, 1))
  await (await begin(store, 'half')).abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [])
  assert.equal(underWay.size, 0)
})

void test('what was cut while it was sent is missing until it is sent again', async () => {
  const { inner, store } = world()
  const file = await begin(store, '0123456789')
  await store.change(target, { size: 4 })
  await file.write([Buffer.from('89')], 8)
  await file.abort(broken)
  assert.equal(await get(inner, part), '0123')
})

void test('what waits ends at the first hole', async () => {
  const { inner, store } = world()
  const file = await begin(store, '0123')
  await file.write([Buffer.from('89')], 8)
  await file.abort(broken)
  assert.equal(await get(inner, part), '0123')
  const other = await store.open(target, anew)
  await other.write([Buffer.from('89')], 8)
  await other.abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [])
})

void test('an upload that does not open leaves nothing under way', async () => {
  const { underWay, store } = world()
  await refused('not-found', store.open(parsePath('/missing/file'), anew))
  assert.equal(underWay.size, 0)
})

void test('a directory is no target', async () => {
  const { inner, store } = world()
  await inner.mkdir(target)
  await refused('is-directory', store.open(target, anew))
  await refused('is-directory', store.open(rootPath, anew))
})

void test('a file that is not there is not made where that was not asked for', async () => {
  const { inner, store } = world()
  await refused('not-found', store.open(target, { write: true }))
  await refused('not-found', store.open(target, { write: true, truncate: true }))
  assert.deepEqual(await namesIn(inner, rootPath), [])
})

void test('what is opened without being cut is written in place', async () => {
  const { inner, store } = world()
  await put(inner, target, '0123456789')
  const file = await store.open(target, { write: true, create: 'allow' })
  await file.write([Buffer.from('ab')], 4)
  await file.close()
  assert.equal(await get(inner, target), '0123ab6789')
})

void test('through a link its target is written, and the link stays', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old')
  const link = parsePath('/link')
  await inner.link(link, 'file', 'symbolic')
  await put(store, link, 'new')
  assert.equal((await inner.stat(link, false)).kind, 'link')
  assert.equal(await get(inner, target), 'new')
})

void test('an account whose uploads are in place sees them come', async () => {
  const { inner, login } = world()
  const store = login({ uploads: 'in-place' })
  assert.equal(store, inner)
})

void test('an old part is overwritten by one that begins anew', async () => {
  const { inner, store } = world()
  await (await begin(store, 'a longer part')).abort(broken)
  await (await begin(store, 'short')).close()
  assert.equal(await get(inner, target), 'short')
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
})

void test('to remove a file removes what an upload of it has left', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old')
  await (await begin(store, 'half')).abort(broken)
  await store.remove(target)
  assert.deepEqual(await namesIn(inner, rootPath), [])
  await (await begin(store, 'half')).abort(broken)
  await store.remove(target)
  assert.deepEqual(await namesIn(inner, rootPath), [])
  await refused('not-found', store.remove(target))
})

void test('a store that removes and finds in one go removes what an upload has left as well', async () => {
  const inner = memoryStore()
  const { store } = world(
    but(inner, {
      async removeAndFind(path, beside) {
        await inner.remove(path)
        const other = joinPath(parentOf(path), beside)
        return (await exists(inner, other)) ? inner.stat(other, false) : undefined
      },
    }),
  )
  for (const old of ['old', undefined]) {
    if (old !== undefined) await put(inner, target, old)
    await (await begin(store, 'half')).abort(broken)
    await store.remove(target)
    assert.deepEqual(await namesIn(inner, rootPath), [])
  }
  await refused('not-found', store.remove(target))
})

void test('to remove a file does not touch an upload under way', async () => {
  const { inner, login, store } = world()
  await put(inner, target, 'old')
  const file = await begin(login(), 'new')
  await store.remove(target)
  await refused('not-found', store.remove(target))
  await file.close()
  assert.equal(await get(inner, target), 'new')
})
