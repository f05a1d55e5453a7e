import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Opening, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { audit } from './audit.ts'

const path = parsePath('/in/file')
const at = (name: string) => parsePath(`/in/${name}`)
const forbidden = async () => Promise.reject(new FileError('denied', 'not for you'))
const bug = async () => Promise.reject(new TypeError('a bug'))

const who = {
  session: 'session-1',
  protocol: 'ftp',
  peer: { address: '192.0.2.50', port: 40_000 },
  account: 'anna',
} as const

async function world() {
  const clock = new FakeClock()
  const inner = memoryStore({ clock })
  await inner.mkdir(parsePath('/in'))
  const events = recordedEvents()
  return { clock, inner, events, store: audit(events, clock)(inner, loginOf()) }
}

/** A store whose method of this name answers as said. */
function answering(inner: Store, method: keyof Store, answer: () => unknown): Store {
  return new Proxy(inner, {
    get: (target, name) =>
      name === method ? answer : (Reflect.get(target, name) as () => unknown).bind(target),
  })
}

void test('an upload is told when it is complete, with its bytes and its time', async () => {
  const { clock, events, store } = await world()
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await file.write([Buffer.from('abc'), Buffer.from('de')], 0)
  await clock.advance(1500)
  assert.deepEqual(events.all, [])
  await file.close()
  assert.deepEqual(events.all, [{ kind: 'upload', ...who, path, bytes: 5, ms: 1500, outcome: 'complete' }])
})

void test('a time is told to the microsecond, and not with all the digits of a double', async () => {
  const { clock, events, store } = await world()
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await clock.advance(0.3456789)
  await file.close()
  assert.deepEqual(events.all, [{ kind: 'upload', ...who, path, bytes: 0, ms: 0.346, outcome: 'complete' }])
})

void test('an upload that is given up is told as incomplete, with the reason', async () => {
  const { events, store } = await world()
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await file.write([Buffer.from('abc')], 0)
  await file.abort(new Error('the connection broke'))
  const outcome = 'incomplete'
  assert.deepEqual(events.all, [
    { kind: 'upload', ...who, path, bytes: 3, ms: 0, outcome, reason: 'the connection broke' },
  ])
})

void test('what cannot be closed is not complete, and is told once', async () => {
  const { clock, inner, events } = await world()
  const file = await inner.open(path, { write: true, create: 'allow' })
  const broken = Object.create(file, {
    stat: { value: () => file.stat() },
    read: { value: file.read.bind(file) },
    write: { value: file.write.bind(file) },
    close: { value: async () => Promise.reject(new FileError('full', 'no room')) },
    abort: { value: file.abort.bind(file) },
  }) as typeof file
  const store = audit(events, clock)(
    answering(inner, 'open', async () => broken),
    loginOf(),
  )
  const upload = await store.open(path, { write: true, create: 'allow' })
  await refused('full', upload.close())
  assert.deepEqual(events.all, [])
  await upload.abort(new Error('no room'))
  assert.deepEqual(
    events.of('upload').map(({ outcome }) => outcome),
    ['incomplete'],
  )
})

void test('an upload is told with why it could not be written, whatever was said as it was given up', async () => {
  const { clock, inner, events } = await world()
  const file = await inner.open(path, { write: true, create: 'allow' })
  const write = file.write.bind(file)
  file.write = async (pieces, at) =>
    at > 0 ? Promise.reject(new FileError('full', `full at ${at}`)) : write(pieces, at)
  const store = audit(events, clock)(
    answering(inner, 'open', async () => file),
    loginOf(),
  )
  const upload = await store.open(path, { write: true, create: 'allow' })
  await upload.write([Buffer.from('abc')], 0)
  await refused('full', upload.write([Buffer.from('def')], 3))
  await refused('full', upload.write([Buffer.from('ghi')], 6))
  await upload.abort(new Error('the client called it off'))
  assert.deepEqual(
    events.of('upload').map(({ bytes, outcome, reason }) => [bytes, outcome, reason]),
    [[3, 'incomplete', 'full at 3']],
  )
})

void test('that a name is taken is no refusal for who asks for one that is free', async () => {
  const { events, inner, store } = await world()
  await put(inner, path, 'old')
  const unique = { write: true, create: 'require', unique: true } as const
  await refused('exists', store.open(path, unique))
  assert.deepEqual(events.of('refused'), [])
  await refused('exists', store.open(path, { write: true, create: 'require' }))
  assert.deepEqual(
    events.of('refused').map(({ deed, fault }) => [deed, fault]),
    [['write', 'exists']],
  )
})

void test('an empty upload is an upload', async () => {
  const { events, store } = await world()
  await put(store, path, '')
  assert.deepEqual(
    events.of('upload').map(({ bytes, outcome }) => [bytes, outcome]),
    [[0, 'complete']],
  )
})

void test('a download is told with the bytes that were read', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, 'content')
  const file = await store.open(path, { read: true })
  assert.equal(await file.read(Buffer.alloc(4), 0), 4)
  await file.abort(new Error('the client went away'))
  await get(store, path)
  assert.deepEqual(
    events.of('download').map(({ bytes, outcome, reason }) => [bytes, outcome, reason]),
    [
      [4, 'incomplete', 'the client went away'],
      [7, 'complete', undefined],
    ],
  )
})

void test('a store that says it read more than there was room for, or no number, is not believed', async () => {
  for (const count of [11, -1, Number.NaN]) {
    const { inner, events, clock } = await world()
    const file = { read: async () => count, abort: async () => undefined }
    const store = audit(events, clock)(
      answering(inner, 'open', async () => file),
      loginOf(),
    )
    const reading = await store.open(path, { read: true })
    await assert.rejects(reading.read(new Uint8Array(10), 0), /the store says that it read/u)
    await reading.abort(new Error('given up'))
    assert.deepEqual(
      events.of('download').map(({ bytes, outcome }) => [bytes, outcome]),
      [[0, 'incomplete']],
    )
  }
})

void test('an empty file that is read is a download', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, '')
  await get(store, path)
  assert.deepEqual(
    events.of('download').map(({ bytes, outcome }) => [bytes, outcome]),
    [[0, 'complete']],
  )
})

void test('who asks for nothing of an empty file has fetched it', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, '')
  const file = await store.open(path, { read: true })
  assert.equal(await file.read(new Uint8Array(0), 0), 0)
  await file.close()
  assert.deepEqual(
    events.of('download').map(({ bytes, outcome }) => [bytes, outcome]),
    [[0, 'complete']],
  )
})

const silent: Record<string, Opening> = {
  'opened to read and not read': { read: true },
  'opened to write and not written': { write: true },
}

for (const [name, how] of Object.entries(silent)) {
  void test(`a file ${name} is not told of`, async () => {
    const { inner, events, store } = await world()
    await put(inner, path, 'content')
    const file = await store.open(path, how)
    await file.stat()
    await file.close()
    assert.deepEqual(events.all, [])
  })
}

void test('what is read inside the house is no download', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, 'content')
  const file = await store.open(path, { read: true, inside: true })
  await file.read(Buffer.alloc(7), 0)
  await file.close()
  assert.deepEqual(events.all, [])
})

void test('a file that is read and written is told as both', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, 'content')
  const file = await store.open(path, { read: true, write: true })
  await file.read(Buffer.alloc(2), 0)
  await file.write([Buffer.from('x')], 0)
  await file.close()
  assert.deepEqual(events.all.map((event) => event.kind).toSorted(), ['download', 'upload'])
})

void test('every change is told with its path in the store', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, 'content')
  await store.mkdir(at('directory'))
  await store.rmdir(at('directory'))
  await store.change(path, { mode: 0o600 })
  await store.link(at('link'), 'file', 'symbolic')
  await store.rename(path, at('moved'), false)
  await store.remove(at('moved'))
  assert.deepEqual(events.all, [
    { kind: 'file', ...who, deed: 'mkdir', path: '/in/directory' },
    { kind: 'file', ...who, deed: 'rmdir', path: '/in/directory' },
    { kind: 'file', ...who, deed: 'change', path },
    { kind: 'file', ...who, deed: 'link', path: '/in/link', to: 'file' },
    { kind: 'file', ...who, deed: 'rename', path, to: '/in/moved' },
    { kind: 'file', ...who, deed: 'remove', path: '/in/moved' },
  ])
})

void test('that a directory is not empty is not told, as who removes whole trees asks for it first', async () => {
  const { inner, events, store } = await world()
  await put(inner, path, 'content')
  await refused('not-empty', store.rmdir(at('')))
  assert.deepEqual(events.all, [])
})

void test('a deed that is refused is told with the fault and the reason, and not as done', async () => {
  const { events, store } = await world()
  const missing = parsePath('/missing')
  const deeds: Record<string, () => Promise<unknown>> = {
    remove: () => store.remove(missing),
    rmdir: () => store.rmdir(missing),
    rename: () => store.rename(missing, path, false),
    change: () => store.change(missing, { mode: 0 }),
    read: () => store.open(missing, { read: true }),
    write: () => store.open(missing, { write: true }),
  }
  for (const deed of Object.values(deeds)) await refused('not-found', deed())
  assert.deepEqual(
    events.all.map((event) => [event.kind, 'deed' in event && event.deed, 'path' in event && event.path]),
    Object.keys(deeds).map((deed) => ['refused', deed, '/missing']),
  )
  const [first] = events.of('refused')
  assert.equal(first?.fault, 'not-found')
  assert.notEqual(first.reason, '')
})

void test('a question is told of only where the answer is forbidden', async () => {
  const { clock, inner, events, store } = await world()
  await refused('not-found', store.stat(parsePath('/missing')))
  await refused('not-found', namesIn(store, parsePath('/missing')))
  assert.deepEqual(events.all, [])
  const watch = audit(events, clock)
  await refused('denied', watch(answering(inner, 'stat', forbidden), loginOf()).stat(path))
  const noList = answering(inner, 'list', () => {
    throw new FileError('denied', 'not for you')
  })
  await refused('denied', namesIn(watch(noList, loginOf()), rootPath))
  assert.deepEqual(
    events.of('refused').map(({ deed, reason }) => [deed, reason]),
    [
      ['stat', 'not for you'],
      ['list', 'not for you'],
    ],
  )
})

void test('a bug is passed on and not told as a refusal', async () => {
  const { clock, inner, events } = await world()
  const store = audit(events, clock)(answering(inner, 'remove', bug), loginOf())
  await assert.rejects(store.remove(path), TypeError)
  assert.deepEqual(events.all, [])
})
