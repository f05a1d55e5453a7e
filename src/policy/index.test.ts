import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Account } from '../core/account.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { quotas } from './quota.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { conformsStore } from '../testing/conforms-store.ts'
import { exists, get, namesIn, put, refused } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { allPolicies, guard } from './index.ts'

const path = parsePath('/file')

function world(account: Partial<Account> = {}, home = memoryStore()) {
  const clock = new FakeClock()
  const events = recordedEvents()
  const store: Store = guard(
    home,
    loginOf(account),
    allPolicies(events, clock, { quotas: quotas(memoryLedger(clock)) }),
  )
  return { home, events, store }
}

/** With rights that allow everything, so that every rule is in the way. */
const everyRight: Partial<Account> = {
  rights: [
    {
      path: rootPath,
      allow: [
        'list',
        'read',
        'create',
        'overwrite',
        'remove',
        'rename',
        'directories',
        'attributes',
        'links',
      ],
    },
  ],
}

/** New content takes the place of one name: the other names of a file keep the old, as it is with every such program. */
function withoutHardLinks(): Store {
  const home = memoryStore()
  return new Proxy(home, {
    get: (store, name) => {
      if (name === 'features') return store.features.difference(new Set(['hard-links']))
      const method = (Reflect.get(store, name) as (() => unknown) | undefined)?.bind(store)
      if (name !== 'link') return method
      return async (...[path, target, kind]: Parameters<Store['link']>) => {
        if (kind === 'hard') throw new FileError('unsupported', 'no hard links here')
        return store.link(path, target, kind)
      }
    },
  })
}

void describe('a home behind every rule is a store like any other:', () => {
  conformsStore('a guarded home', async () => ({
    store: world(everyRight, withoutHardLinks()).store,
    end: async () => undefined,
  }))
})

void test('the audit tells of the name that was said, never of a part', async () => {
  const { events, store } = world(everyRight)
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await file.write([Buffer.from('half')], 0)
  await file.abort(new Error('broken'))
  await put(store, path, 'whole')
  await store.remove(path)
  assert.deepEqual(
    events.all.map((event) => [event.kind, 'path' in event && event.path]),
    [
      ['upload', '/file'],
      ['upload', '/file'],
      ['file', '/file'],
    ],
  )
})

void test('the audit tells of what every other rule refuses', async () => {
  const { events, store } = world({ rights: [{ path: rootPath, allow: ['create'] }] })
  await put(store, path, 'mine')
  await refused('denied', put(store, path, 'again'))
  await refused('denied', store.mkdir(parsePath('/.ferry-part-x')))
  const reader = world({ ...everyRight, readOnly: true })
  await refused('denied', reader.store.remove(path))
  assert.deepEqual(
    [...events.of('refused'), ...reader.events.of('refused')].map(({ deed, fault }) => [deed, fault]),
    [
      ['write', 'denied'],
      ['mkdir', 'denied'],
      ['remove', 'denied'],
    ],
  )
})

void test('who may create and nothing else can upload and go on, and never replaces', async () => {
  const { home, store } = world({ rights: [{ path: rootPath, allow: ['create'] }] })
  const first = await store.open(path, { write: true, create: 'allow', truncate: true })
  await first.write([Buffer.from('0123')], 0)
  await first.abort(new Error('broken'))
  const second = await store.open(path, { write: true, create: 'allow', truncate: true, from: 4 })
  await second.write([Buffer.from('45')], 4)
  await second.close()
  assert.equal(await get(home, path), '012345')
  await refused('denied', put(store, path, 'again'))
  assert.equal(await get(home, path), '012345')
})

void test('nobody sees a part, not even who may do everything in place', async () => {
  const { home, store } = world({ uploads: 'in-place' })
  await put(home, parsePath('/.ferry-part-abc-file'), 'half')
  assert.deepEqual(await namesIn(store, rootPath), [])
  await refused('not-found', store.stat(parsePath('/.ferry-part-abc-file')))
})

void test('all logins of one guard know what the others have under way', async () => {
  const clock = new FakeClock()
  const home = memoryStore({ clock })
  const policies = allPolicies(recordedEvents(), clock, { quotas: quotas(memoryLedger(clock)) })
  const [first, second] = [guard(home, loginOf(), policies), guard(home, loginOf(), policies)]
  const one = await first.open(path, { write: true, create: 'allow', truncate: true })
  const two = await second.open(path, { write: true, create: 'allow', truncate: true })
  await one.write([Buffer.from('one')], 0)
  await two.write([Buffer.from('the two')], 0)
  await two.close()
  await one.close()
  assert.equal(await get(home, path), 'one')
  assert.equal(await exists(home, path), true)
  assert.deepEqual(await namesIn(home, rootPath), ['file'])
})
