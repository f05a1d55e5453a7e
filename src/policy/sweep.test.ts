import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { exists, namesIn, put } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { sweepPartials } from './sweep.ts'

const hour = 3_600_000

/** Sweeps while the clock is turned. */
async function sweep(store: Store, clock: FakeClock, signal?: AbortSignal): Promise<number> {
  const options = { olderThanMs: hour, ...(signal === undefined ? {} : { signal }) }
  const [swept] = await Promise.all([sweepPartials(store, clock, options), clock.advance(5000)])
  assert.equal(clock.pending, 0)
  return swept
}

async function world() {
  const clock = new FakeClock()
  const store = memoryStore({ clock })
  for (const name of ['/a', '/a/b', '/c']) await store.mkdir(parsePath(name))
  for (const name of ['/a/b/.ferry-part-1-old', '/c/.ferry-part-1-old', '/.ferry-part-1-old', '/a/old']) {
    await put(store, parsePath(name), 'half')
  }
  await clock.advance(2 * hour)
  await put(store, parsePath('/c/.ferry-part-1-new'), 'half')
  return { clock, store }
}

/** A store that fails where it is asked to. */
function failing(inner: Store, method: 'list' | 'remove', at: string, error: Error): Store {
  return new Proxy(inner, {
    get: (target, name) => (path: string) => {
      if (name === method && path === at) throw error
      return Reflect.apply(Reflect.get(target, name) as () => unknown, target, [path]) as unknown
    },
  })
}

void test('old parts are removed all over the tree, and nothing else', async () => {
  const { clock, store } = await world()
  assert.equal(await sweep(store, clock), 3)
  assert.deepEqual(await namesIn(store, parsePath('/')), ['a', 'c'])
  assert.deepEqual(await namesIn(store, parsePath('/a')), ['b', 'old'])
  assert.deepEqual(await namesIn(store, parsePath('/a/b')), [])
  assert.deepEqual(await namesIn(store, parsePath('/c')), ['.ferry-part-1-new'])
  assert.equal(await sweep(store, clock), 0)
})

void test('a part that was gone on with is young again', async () => {
  const { clock, store } = await world()
  const file = await store.open(parsePath('/c/.ferry-part-1-old'), { write: true })
  await file.write([Buffer.from('more')], 4)
  await file.close()
  assert.equal(await sweep(store, clock), 2)
  assert.equal(await exists(store, parsePath('/c/.ferry-part-1-old')), true)
})

void test('links are not followed, and directories and links of such a name stay', async () => {
  const clock = new FakeClock()
  const store = memoryStore({ clock })
  await store.mkdir(parsePath('/.ferry-part-directory'))
  await store.link(parsePath('/.ferry-part-link'), 'away', 'symbolic')
  await store.link(parsePath('/circle'), '.', 'symbolic')
  await clock.advance(2 * hour)
  assert.equal(await sweep(store, clock), 0)
  assert.deepEqual(await namesIn(store, parsePath('/')), [
    '.ferry-part-directory',
    '.ferry-part-link',
    'circle',
  ])
})

void test('a directory that cannot be read, and a part that cannot be removed, do not stop it', async () => {
  for (const [method, at] of [
    ['list', '/a'],
    ['remove', '/a/b/.ferry-part-1-old'],
  ] as const) {
    const { clock, store } = await world()
    const failed = failing(store, method, at, new FileError('denied', 'not for you'))
    assert.equal(await sweep(failed, clock), 2, method)
  }
})

void test('a bug stops it and is told', async () => {
  const { clock, store } = await world()
  await assert.rejects(sweep(failing(store, 'list', '/c', new TypeError('a bug')), clock), TypeError)
})

void test('it stops where it rests when it shall, and does nothing when it never should have begun', async () => {
  const { clock, store } = await world()
  const stop = new AbortController()
  const swept = sweepPartials(store, clock, { olderThanMs: hour, signal: stop.signal })
  await clock.advance(0)
  assert.equal(clock.pending, 1)
  stop.abort()
  assert.ok((await swept) < 3)
  assert.equal(clock.pending, 0)
  const { clock: later, store: other } = await world()
  assert.equal(await sweep(other, later, AbortSignal.abort()), 0)
})

void test('a tree without end has an end', async () => {
  const clock = new FakeClock()
  const endless = failing(memoryStore({ clock }), 'list', 'nowhere', new Error())
  const entry = { name: 'again', kind: 'directory', size: 0, modified: new Date(0) } as const
  let listed = 0
  const store = new Proxy(endless, {
    get: (target, name) =>
      name === 'list'
        ? async function* () {
            listed += 1
            yield [entry]
          }
        : Reflect.get(target, name),
  })
  assert.equal(await sweep(store, clock), 0)
  assert.equal(listed, 65)
})
