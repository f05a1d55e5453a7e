import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryClaims } from '../core/claims.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { get, getBytes, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { atomicUploads } from './atomic.ts'
import { partialPath, tagOf } from './partials.ts'

const target = parsePath('/file')
const part = partialPath(target, tagOf('anna'))
const broken = new Error('the connection broke')
const appending: Opening = { write: true, create: 'allow', append: true }

function from(place: number): Opening {
  return { write: true, create: 'allow', truncate: true, from: place }
}

function world() {
  const inner = memoryStore()
  const underWay = memoryClaims()
  const policy = atomicUploads(underWay)
  const login = (signal?: AbortSignal): Store => policy(inner, loginOf({}, signal))
  const bert = policy(inner, loginOf({ name: 'bert' }))
  return { inner, underWay, login, bert, store: login() }
}

async function write(file: OpenFile, text: string, at: number): Promise<void> {
  await file.write([Buffer.from(text)], at)
}

/** Sends this much and breaks off. */
async function half(store: Store, text: string): Promise<void> {
  const file = await store.open(target, from(0))
  await write(file, text, 0)
  await file.abort(broken)
}

void test('an upload goes on where it broke off', async () => {
  const { inner, underWay, store } = world()
  await half(store, '0123')
  const file = await store.open(target, from(4))
  assert.equal((await file.stat()).size, 4)
  await write(file, '456', 4)
  await file.close()
  assert.equal(await get(inner, target), '0123456')
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
  assert.equal(underWay.size, 0)
})

/** A store whose files may be this long. */
function withRoomFor(room: number, fault: 'full' | 'quota'): Store {
  const inner = memoryStore()
  const open = inner.open.bind(inner)
  inner.open = async (path, how) => {
    const file = await open(path, how)
    const write = file.write.bind(file)
    file.write = async (pieces, at) => {
      if (at >= room) throw new FileError(fault, 'no room')
      await write(pieces, at)
    }
    return file
  }
  return inner
}

void test('what came of a file that there is no room for is not kept, as it would take the room of others', async () => {
  for (const fault of ['full', 'quota'] as const) {
    const inner = withRoomFor(6, fault)
    const underWay = memoryClaims()
    const store = atomicUploads(underWay)(inner, loginOf())
    const overflow = async (how: Opening, begin: number, text: string): Promise<void> => {
      const file = await store.open(target, how)
      await write(file, text, begin)
      await refused(fault, write(file, '67', 6))
      await file.abort(broken)
      assert.equal(underWay.size, 0)
    }
    await overflow(from(0), 0, '012345')
    assert.deepEqual(await namesIn(inner, rootPath), [])
    // What waited before waits on.
    await half(store, '0123')
    await overflow(from(3), 3, 'xyz')
    assert.equal(await get(inner, part), '012')
    await overflow(appending, 3, 'xyz')
    assert.equal(await get(inner, part), '012')
    await store.remove(target)
    // A copy of what is there is none of that.
    await put(store, target, 'abcdef')
    await overflow(from(4), 4, 'xy')
    assert.deepEqual(await namesIn(inner, rootPath), ['file'])
    assert.equal(await get(inner, target), 'abcdef')
  }
})

void test('of an upload of which nothing came the file is given up, and not left open', async () => {
  const inner = memoryStore()
  const open = inner.open.bind(inner)
  const given: Error[] = []
  inner.open = async (path, how) => {
    const file = await open(path, how)
    const abort = file.abort.bind(file)
    file.abort = async (reason) => {
      given.push(reason)
      await abort(reason)
    }
    return file
  }
  const store = atomicUploads(memoryClaims())(inner, loginOf())
  await (await store.open(target, from(0))).abort(broken)
  assert.deepEqual(given, [broken])
  assert.deepEqual(await namesIn(inner, rootPath), [])
})

void test('before its end what was there is cut off', async () => {
  const { inner, store } = world()
  await half(store, '0123xxxx')
  const file = await store.open(target, from(4))
  await write(file, '45', 4)
  await file.close()
  assert.equal(await get(inner, target), '012345')
})

void test('it can break off again and again', async () => {
  const { inner, store } = world()
  await half(store, '01')
  for (const [at, text] of [
    [2, '23'],
    [4, '45'],
    [6, ''],
  ] as const) {
    const file = await store.open(target, from(at))
    await write(file, text, at)
    await file.abort(broken)
  }
  assert.equal(await get(inner, part), '012345')
  const file = await store.open(target, from(6))
  await file.close()
  assert.equal(await get(inner, target), '012345')
})

void test('the part counts, and not the older file under the name', async () => {
  const { inner, store } = world()
  await put(inner, target, 'the old content')
  await half(store, '0123')
  const file = await store.open(target, from(4))
  await write(file, '4', 4)
  assert.equal(await get(inner, target), 'the old content')
  await file.close()
  assert.equal(await get(inner, target), '01234')
})

void test('without a part it goes on behind a copy of the file, which stays as it is until the end', async () => {
  const { inner, store } = world()
  await put(inner, target, '0123456789')
  const first = await store.open(target, from(4))
  await write(first, 'x', 4)
  assert.equal(await get(inner, target), '0123456789')
  await first.abort(broken)
  assert.equal(await get(inner, target), '0123456789')
  assert.equal(await get(inner, part), '0123x')
  await inner.remove(part)
  const second = await store.open(target, from(10))
  await write(second, 'ab', 10)
  await second.close()
  assert.equal(await get(inner, target), '0123456789ab')
})

void test('a part that is too short gives way to a file that is long enough', async () => {
  const { inner, store } = world()
  await put(inner, target, '0123456789')
  await half(store, 'xy')
  const file = await store.open(target, from(8))
  await write(file, 'ab', 8)
  await file.close()
  assert.equal(await get(inner, target), '01234567ab')
})

void test('behind the end of all that is there nothing can go on', async () => {
  const { inner, underWay, store } = world()
  await refused('invalid', store.open(target, from(1)))
  await half(store, '0123')
  await put(inner, target, '01')
  await assert.rejects(store.open(target, from(5)), { fault: 'invalid', message: /4 bytes/ })
  assert.equal(await get(inner, part), '0123')
  assert.equal(await get(inner, target), '01')
  assert.equal(underWay.size, 0)
})

void test('a part is enough to go on without the right to create', async () => {
  const { inner, store } = world()
  await half(store, '0123')
  const file = await store.open(target, { write: true, truncate: true, from: 4 })
  await file.close()
  assert.equal(await get(inner, target), '0123')
})

void test('while a dead session still holds the part, its owner goes on with a copy', async () => {
  const { inner, underWay, login } = world()
  const dead = await login().open(target, from(0))
  await write(dead, '0123xx', 0)
  const file = await login().open(target, from(4))
  await write(file, '45', 4)
  await file.close()
  assert.equal(await get(inner, target), '012345')
  await dead.abort(broken)
  assert.equal(await get(inner, target), '012345')
  assert.equal(underWay.size, 0)
})

void test('a copy that breaks off is dropped, because nobody would find it', async () => {
  const { inner, login } = world()
  const dead = await login().open(target, from(0))
  await write(dead, '0123', 0)
  const file = await login().open(target, from(2))
  await file.abort(broken)
  assert.deepEqual(await namesIn(inner, rootPath), [part.slice(1)])
  assert.equal(await get(inner, part), '0123')
})

void test('a long start is copied byte for byte', async () => {
  const { inner, store } = world()
  const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 31) >> 3))
  await put(inner, target, bytes)
  const file = await store.open(target, from(2_500_001))
  await file.close()
  assert.deepEqual(Buffer.from(await getBytes(inner, target)), bytes.subarray(0, 2_500_001))
})

void test('the copy stops when the session ends, and leaves nothing', async () => {
  const { inner, underWay, login } = world()
  await put(inner, target, '0123456789')
  await assert.rejects(login(AbortSignal.abort(broken)).open(target, from(4)), broken)
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
  assert.equal(underWay.size, 0)
})

void test('behind a hole that a part was left with nothing can go on', async () => {
  const { inner, store } = world()
  const file = await store.open(target, from(0))
  await write(file, '01', 0)
  await write(file, '45', 4)
  await file.abort(broken)
  await refused('invalid', store.open(target, from(6)))
  assert.equal(await get(inner, part), '01')
})

void test('to append goes on behind the end, and the file shows it at once', async () => {
  const { inner, underWay, store } = world()
  await put(inner, target, 'old ')
  const file = await store.open(target, appending)
  await write(file, 'new', (await file.stat()).size)
  assert.equal(await get(inner, target), 'old new')
  await file.close()
  assert.equal(await get(inner, target), 'old new')
  assert.equal(underWay.size, 0)
})

void test('an append that breaks off leaves the file as it was', async () => {
  const { inner, underWay, store } = world()
  await put(inner, target, 'old ')
  const file = await store.open(target, appending)
  await write(file, 'new', 4)
  await file.abort(broken)
  assert.equal(await get(inner, target), 'old ')
  assert.equal(underWay.size, 0)
})

/** A store that does what it is asked at the end of a file, and says that it failed, as NFS does of a write that found no room. */
function failingAtTheEnd(inner: Store): Store {
  const open = inner.open.bind(inner)
  inner.open = async (path, how) => {
    const file = await open(path, how)
    const abort = file.abort.bind(file)
    file.abort = async (reason) => {
      await abort(reason)
      throw new FileError('full', 'no room')
    }
    return file
  }
  return inner
}

void test('what was appended is cut off again, and what has no room dropped, also where the end of the file fails', async () => {
  const inner = failingAtTheEnd(withRoomFor(6, 'full'))
  const underWay = memoryClaims()
  const store = atomicUploads(underWay)(inner, loginOf())
  await put(inner, target, 'old ')
  const file = await store.open(target, appending)
  await write(file, 'new', 4)
  await refused('full', file.abort(broken))
  assert.equal(await get(inner, target), 'old ')
  const other = await store.open(parsePath('/other'), from(0))
  await write(other, '012345', 0)
  await refused('full', write(other, '67', 6))
  await refused('full', other.abort(broken))
  assert.deepEqual(await namesIn(inner, rootPath), ['file'])
  assert.equal(underWay.size, 0)
})

void test('of a directory that was put in the place of another nothing is made whole', async () => {
  const { inner, underWay, store } = world()
  const file = await store.open(target, from(0))
  await write(file, 'all of it', 0)
  // As by `cp -a`, and two times `mv`, while the file was sent.
  await inner.remove(part)
  await put(inner, part, 'all')
  await refused('failed', file.close())
  await file.abort(broken)
  await refused('not-found', inner.stat(target))
  assert.equal(underWay.size, 0)
})

void test('what someone else has appended meanwhile is not cut off', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old ')
  const file = await store.open(target, appending)
  await write(file, 'new', 4)
  const other = await inner.open(target, { write: true })
  await write(other, ' theirs', 7)
  await other.close()
  await file.abort(broken)
  assert.equal(await get(inner, target), 'old new theirs')
})

void test('what someone else has put in its place meanwhile is not cut', async () => {
  const { inner, store } = world()
  await put(inner, target, 'old ')
  const file = await store.open(target, appending)
  await write(file, 'something', 4)
  await put(store, target, 'whole new')
  await file.abort(broken)
  assert.equal(await get(inner, target), 'whole new')
})

void test('one append at a time: two would write the same place', async () => {
  const { store, login } = world()
  await put(store, target, 'old ')
  const file = await store.open(target, appending)
  await refused('busy', login().open(target, appending))
  await file.close()
  await (await login().open(target, appending)).close()
})

void test('nor do two accounts that share a folder, under any name of the file', async () => {
  const { inner, store, bert } = world()
  await put(store, target, 'old ')
  await inner.link(parsePath('/other'), target, 'hard')
  const file = await store.open(target, appending)
  await refused('busy', bert.open(target, appending))
  await refused('busy', bert.open(parsePath('/other'), appending))
  await write(file, 'new', 4)
  await file.close()
  const next = await bert.open(parsePath('/other'), appending)
  await write(next, ' theirs', 7)
  await next.close()
  assert.equal(await get(inner, target), 'old new theirs')
})

void test('of two accounts that append to a name that is free, the second does not take the place of the first', async () => {
  const { inner, store, bert } = world()
  const first = await store.open(target, appending)
  const second = await bert.open(target, appending)
  await write(first, 'first', 0)
  await write(second, 'second', 0)
  await first.close()
  await refused('exists', second.close())
  await second.abort(broken)
  assert.equal(await get(inner, target), 'first')
})

void test('to append to an upload that broke off goes on with it', async () => {
  const { inner, store } = world()
  await half(store, '0123')
  const first = await store.open(target, appending)
  assert.equal((await first.stat()).size, 4)
  await write(first, '4', 4)
  await first.abort(broken)
  assert.equal(await get(inner, part), '01234')
  const second = await store.open(target, appending)
  await write(second, '5', 5)
  await second.close()
  assert.equal(await get(inner, target), '012345')
})

void test('to append to a name that is free is an upload', async () => {
  const { inner, store } = world()
  const file = await store.open(target, appending)
  await write(file, 'new', 0)
  assert.deepEqual(await namesIn(inner, rootPath), [part.slice(1)])
  await file.close()
  assert.equal(await get(inner, target), 'new')
})

void test('nobody appends to what a session is still sending: where its end is nobody knows', async () => {
  const { login, underWay } = world()
  const file = await login().open(target, from(0))
  await refused('busy', login().open(target, appending))
  await file.close()
  assert.equal(underWay.size, 0)
})
