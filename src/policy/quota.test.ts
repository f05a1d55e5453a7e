import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { memoryLedger } from '../cluster/memory.ts'
import type { Quota } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import type { Ledger } from '../core/ledger.ts'
import { parsePath, type Path } from '../core/path.ts'
import type { Change, Entry, OpenFile, Opening, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { conformsStore } from '../testing/conforms-store.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { putFile } from '../testing/store-files.ts'
import { PassingFile, PassingStore } from './passing.ts'
import { quotas } from './quota.ts'

function world(quota: Quota, home: Store = memoryStore(), ledger: Ledger = memoryLedger(new FakeClock())) {
  const rule = quotas(ledger)
  const store = rule.policy(home, loginOf({ rules: { quota } }))
  const used = async (): Promise<[number, number]> => [
    await ledger.read('quota bytes of anna'),
    await ledger.read('quota files of anna'),
  ]
  return { rule, store, home, ledger, used }
}

function isOver(thrown: unknown): boolean {
  return thrown instanceof FileError && thrown.fault === 'quota'
}

conformsStore('memory under a quota', async () => {
  const { store, rule } = world({ bytes: 1e12, files: 1e6 })
  return { store, end: () => rule.leave() }
})

test('the last byte can be used, and not one more', async () => {
  const { store, used } = world({ bytes: 10 })
  await putFile(store, '/a', '1234567890')
  await assert.rejects(putFile(store, '/b', 'x'), isOver)
  await store.remove(parsePath('/b'))
  await putFile(store, '/b', '')
  assert.deepEqual(await used(), [10, 2])
})

/** Its files take until they are told to close. */
class SlowToClose extends PassingStore {
  readonly closing: (() => void)[] = []

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    const { closing } = this
    return new (class extends PassingFile {
      override async close(): Promise<void> {
        await new Promise<void>((go) => closing.push(go))
        await this.inner.close()
      }
    })(await super.open(path, how))
  }
}

test('a file is booked as it is in the end, also where another writes to it or cuts it while the first to have it open closes it', async () => {
  const home = new SlowToClose(memoryStore())
  const { store, used } = world({ bytes: 1000 }, home)
  const how: Opening = { write: true, create: 'allow' }
  const path = parsePath('/a')
  const first = await store.open(path, how)
  const second = await store.open(path, how)
  await first.write([Buffer.alloc(10)], 0)
  const closed = [first.close()]
  while (home.closing.length < 1) await setImmediate()
  await second.write([Buffer.alloc(300)], 0)
  closed.push(second.close())
  while (home.closing.length < 2) await setImmediate()
  home.closing[1]?.()
  await closed[1]
  home.closing[0]?.()
  await closed[0]
  assert.deepEqual(await used(), [300, 1])
  const third = await store.open(path, how)
  const end = third.close()
  while (home.closing.length < 3) await setImmediate()
  await store.change(path, { size: 500 })
  home.closing[2]?.()
  await end
  assert.deepEqual(await used(), [500, 1])
})

test('what is booked holds where another cuts the file while a write waits for its room', async () => {
  const kept = memoryLedger(new FakeClock())
  const asked = Promise.withResolvers<void>()
  let gate = Promise.resolve()
  const ledger: Ledger = {
    read: (key) => kept.read(key),
    set: (key, value, forMs) => kept.set(key, value, forMs),
    async add(key, amount, ceiling) {
      await gate
      return kept.add(key, amount, ceiling)
    },
  }
  const { store } = world({ bytes: 1000 }, memoryStore(), ledger)
  await putFile(store, '/a', 'x'.repeat(100))
  const path = parsePath('/a')
  const first = await store.open(path, { write: true })
  gate = asked.promise
  const written = first.write([Buffer.alloc(200)], 0)
  const second = await store.open(path, { write: true, truncate: true })
  asked.resolve()
  await written
  await first.close()
  await second.close()
  assert.equal(await kept.read('quota bytes of anna'), 200)
})

test('what is booked holds where a file is written and closed while it is removed, opened or changed', async () => {
  let between: (() => Promise<void>) | undefined
  const home = new (class extends PassingStore {
    override async remove(path: Path): Promise<void> {
      await between?.()
      await super.remove(path)
    }

    override async open(path: Path, how: Opening): Promise<OpenFile> {
      await between?.()
      return super.open(path, how)
    }

    override async change(path: Path, to: Change): Promise<void> {
      await between?.()
      await super.change(path, to)
    }
  })(memoryStore())
  const { store, used } = world({ bytes: 1000 }, home)
  const path = parsePath('/a')
  const withOther = async (deed: () => Promise<unknown>): Promise<void> => {
    const other = await store.open(path, { write: true, create: 'allow' })
    between = async () => {
      between = undefined
      await other.write([Buffer.alloc(300)], 0)
      await other.close()
    }
    await deed()
  }
  await withOther(async () => (await store.open(path, { write: true })).close())
  assert.deepEqual(await used(), [300, 1])
  await withOther(async () => store.change(path, { size: 10 }))
  assert.deepEqual(await used(), [10, 1])
  await withOther(async () => (await store.open(path, { write: true, truncate: true })).close())
  assert.deepEqual(await used(), [0, 1])
  await withOther(async () => store.remove(path))
  assert.deepEqual(await used(), [0, 0])
})

test('what is left is told: the rest of the quota, and of the disk where that is less or nothing is said of bytes', async () => {
  const home = memoryStore()
  home.space = async () => ({ free: 50, total: 1000 })
  const free = async (quota: Quota) => {
    const { store } = world(quota, home)
    await putFile(store, '/a', 'x'.repeat(30))
    return (await store.space(parsePath('/'))).free
  }
  assert.deepEqual(
    [
      await free({ bytes: 40 }),
      await free({ bytes: 30 }),
      await free({ bytes: 1000 }),
      await free({ files: 5 }),
    ],
    [10, 0, 50, 50],
  )
})

test('what is left is told also of what lay there before, and where the store itself tells of no room', async () => {
  const home = memoryStore()
  await putFile(home, '/a', 'x'.repeat(30))
  const { store } = world({ bytes: 100 }, home)
  assert.ok(store.features.has('space'))
  assert.deepEqual(await store.space(parsePath('/')), { total: 100, free: 70 })
  await assert.rejects(store.space(parsePath('/missing')), FileError)
  const inFiles = world({ files: 5 }, home).store
  assert.ok(!inFiles.features.has('space'))
  await assert.rejects(inFiles.space(parsePath('/')), FileError)
})

test('what is removed, cut, replaced or given up is free again', async () => {
  const { store, used } = world({ bytes: 100, files: 3 })
  await putFile(store, '/a', 'x'.repeat(60))
  await putFile(store, '/a', 'x'.repeat(90))
  assert.deepEqual(await used(), [90, 1])
  await store.change(parsePath('/a'), { size: 30 })
  assert.deepEqual(await used(), [30, 1])
  await assert.rejects(store.change(parsePath('/a'), { size: 101 }), isOver)
  await store.change(parsePath('/a'), { size: 100 })
  await store.change(parsePath('/a'), { size: 40 })
  await putFile(store, '/b', 'x'.repeat(50))
  await store.rename(parsePath('/b'), parsePath('/a'), true)
  assert.deepEqual(await used(), [50, 1])
  await store.remove(parsePath('/a'))
  assert.deepEqual(await used(), [0, 0])
})

test('files are counted, and one too many is refused before it is made', async () => {
  const { store, home, used } = world({ files: 2 })
  await putFile(store, '/a', '1')
  await putFile(store, '/b', '1')
  await assert.rejects(putFile(store, '/c', '1'), isOver)
  await assert.rejects(home.stat(parsePath('/c')))
  await assert.rejects(store.link(parsePath('/c'), '/a', 'hard'), isOver)
  await putFile(store, '/a', '22')
  assert.deepEqual(await used(), [3, 2])
})

test('a second name that cannot be made costs nothing', async () => {
  const { store, used, rule } = world({ bytes: 100, files: 5 })
  await putFile(store, '/a', 'x'.repeat(40))
  await store.mkdir(parsePath('/taken'))
  for (let tries = 0; tries < 3; tries += 1)
    await assert.rejects(store.link(parsePath('/taken'), '/a', 'hard'))
  assert.deepEqual(await used(), [40, 1])
  await putFile(store, '/b', 'x'.repeat(60))
  await rule.leave()
})

test('a file of several names is counted once, and what grows under one of them is free once the last is gone', async () => {
  const { store, rule, home, used } = world({ bytes: 1000 })
  const [a, b] = [parsePath('/a'), parsePath('/b')]
  await putFile(store, '/a', 'x'.repeat(10))
  await store.link(b, '/a', 'hard')
  assert.deepEqual(await used(), [10, 2])
  const open = await store.open(a, { write: true })
  await open.write([Buffer.alloc(90)], 10)
  await open.close()
  assert.deepEqual(await used(), [100, 2])
  assert.equal(await rule.recount('anna', home), true)
  assert.deepEqual(await used(), [100, 2])
  await store.remove(a)
  assert.deepEqual(await used(), [100, 1])
  await putFile(store, '/c', 'x')
  await store.link(a, '/b', 'hard')
  await store.rename(parsePath('/c'), a, true)
  assert.deepEqual(await used(), [101, 2])
  await store.remove(b)
  assert.deepEqual(await used(), [1, 1])
})

/** As folders of other servers are: they do not tell which file a name stands for. */
class WithoutIds extends PassingStore {
  override async stat(path: Path, follow?: boolean): Promise<Entry> {
    const { id: _, ...entry } = await this.inner.stat(path, follow)
    return entry
  }
}

test('what is replaced is free again also where files have no ids', async () => {
  const { store, used } = world({ bytes: 100 }, new WithoutIds(memoryStore()))
  for (let times = 0; times < 3; times += 1) {
    await putFile(store, '/part', 'x'.repeat(40))
    await store.rename(parsePath('/part'), parsePath('/a'), true)
  }
  assert.deepEqual(await used(), [40, 1])
})

test('64 writes at once of several files never go over, and every byte that fits is taken', async () => {
  const { store, home, used } = world({ bytes: 1000 })
  const files = await Promise.all(
    Array.from({ length: 8 }, (_, at) => store.open(parsePath(`/${at}`), { write: true, create: 'allow' })),
  )
  const results = await Promise.allSettled(
    Array.from({ length: 64 }, async (_, at) =>
      files[at % 8]?.write([Buffer.alloc(50)], Math.floor(at / 8) * 50),
    ),
  )
  const written = results.filter(({ status }) => status === 'fulfilled').length
  assert.ok(written >= 1000 / 50 - 7 && written <= 1000 / 50, `${written} writes`)
  await Promise.all(files.map((file) => file.close()))
  let sum = 0
  for await (const batch of home.list(parsePath('/'))) for (const { size } of batch) sum += size
  assert.ok(sum <= 1000)
  assert.deepEqual(await used(), [sum, 8])
})

test('two who have the same file open book it once, and a file removed while it is open is free at its end', async () => {
  const { store, used, rule } = world({ bytes: 1000 })
  const how = { write: true, create: 'allow' } as const
  const [one, two] = [await store.open(parsePath('/a'), how), await store.open(parsePath('/a'), how)]
  await one.write([Buffer.alloc(100)], 0)
  await two.write([Buffer.alloc(100)], 50)
  await one.close()
  await two.abort(new Error('gone'))
  assert.deepEqual(await used(), [150, 1])
  const three = await store.open(parsePath('/a'), { write: true })
  await three.write([Buffer.alloc(100)], 100)
  await store.remove(parsePath('/a'))
  await three.close()
  assert.deepEqual(await used(), [0, 0])
  await rule.leave()
})

test('who opens a file that is coming gives back nothing of what is booked for it', async () => {
  const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  class SlowFile extends PassingFile {
    override async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
      begun.resolve()
      await go.promise
      await super.write(pieces, at)
    }
  }
  class SlowStore extends PassingStore {
    override async open(path: Path, how: Opening): Promise<OpenFile> {
      return new SlowFile(await super.open(path, how))
    }
  }
  const { store, used } = world({ bytes: 1000 }, new SlowStore(memoryStore()))
  const how = { write: true, create: 'allow' } as const
  const one = await store.open(parsePath('/a'), how)
  const writing = one.write([Buffer.alloc(600)], 0)
  await begun.promise
  const two = await store.open(parsePath('/a'), how)
  go.resolve()
  await assert.rejects(putFile(store, '/b', 'x'.repeat(500)), isOver)
  await store.remove(parsePath('/b'))
  await writing
  await two.close()
  await one.close()
  assert.deepEqual(await used(), [600, 1])
})

test('a write that comes behind the end of its file costs nothing, in whatever way that ended', async () => {
  const { store, used } = world({ bytes: 100 })
  for (const end of ['close', 'abort'] as const) {
    const file = await store.open(parsePath('/a'), { write: true, create: 'allow', truncate: true })
    const ending = end === 'close' ? file.close() : file.abort(new Error('stopped'))
    await assert.rejects(file.write([Buffer.from('late')], 0), /closed/)
    await ending
    await assert.rejects(file.write([Buffer.from('later')], 0), /closed/)
    assert.deepEqual((await used())[0], 0)
  }
})

test('a process that ended in the middle leaves an account that is counted anew; one that left in order does not', async () => {
  const home = memoryStore()
  const ledger = memoryLedger(new FakeClock())
  const first = world({ bytes: 1000 }, home, ledger)
  await putFile(first.store, '/a', 'x'.repeat(100))
  const open = await first.store.open(parsePath('/b'), { write: true, create: 'allow' })
  await open.write([Buffer.alloc(10)], 0)
  // Killed here: the file is open, and a chunk is booked that nobody will use.
  await ledger.add('quota bytes of anna', 500)
  const second = world({ bytes: 1000 }, home, ledger)
  await putFile(second.store, '/c', 'x')
  assert.deepEqual(await second.used(), [111, 3])
  await second.rule.leave()
  await ledger.set('quota bytes of anna', 500)
  const third = world({ bytes: 1000 }, home, ledger)
  await putFile(third.store, '/d', 'x')
  assert.deepEqual(await third.used(), [501, 4])
  assert.equal(await third.rule.recount('anna', home), true)
  assert.deepEqual(await third.used(), [112, 4])
})

test('what is left is what clients are told, and several accounts do not share', async () => {
  const { store, rule } = world({ bytes: 1000 })
  await putFile(store, '/a', 'x'.repeat(100))
  assert.equal((await store.space(parsePath('/'))).free, 900)
  const other = rule.policy(memoryStore(), loginOf({ name: 'bert', rules: { quota: { bytes: 50 } } }))
  await putFile(other, '/a', 'x'.repeat(50))
  await assert.rejects(putFile(other, '/b', 'x'), isOver)
  await putFile(store, '/b', 'x'.repeat(100))
})

const broken = async () => Promise.reject(new Error('the disk is full'))

test('a ledger that does not answer lets nothing be written', async () => {
  const store = quotas({ add: broken, read: broken, set: broken }).policy(
    memoryStore(),
    loginOf({ rules: { quota: { bytes: 10 } } }),
  )
  await assert.rejects(
    putFile(store, '/a', 'x'),
    (thrown) => thrown instanceof FileError && thrown.fault === 'failed',
  )
})
