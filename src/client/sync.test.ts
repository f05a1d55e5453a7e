import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { joinPath, nameOf, parentOf, parsePath, rootPath, type Path } from '../core/path.ts'
import type { Change, Opening, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { get, put } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { choose } from './choice.ts'
import { partOf } from './copy-file.ts'
import { makeDirectory } from './make-directory.ts'
import { plan, type Action, type PlanOptions } from './plan.ts'
import { runPlan, type Result } from './run-plan.ts'
import { walk } from './walk.ts'

const then = new Date('2026-01-02T03:04:05Z')

async function storeWith(files: Readonly<Record<string, string>>): Promise<Store> {
  const store = memoryStore()
  for (const [name, content] of Object.entries(files)) {
    const path = parsePath(name)
    await makeDirectory(store, parsePath(name.slice(0, name.lastIndexOf('/')) || '/'))
    await put(store, path, content)
    await store.change(path, { modified: then })
  }
  return store
}

function end(store: Store) {
  return { store, path: rootPath }
}

async function planned(from: Store, to: Store, options: PlanOptions = {}): Promise<string[]> {
  const lines: string[] = []
  for await (const action of plan(end(from), end(to), options)) {
    lines.push(`${action.kind} ${action.path}${action.kind === 'copy' ? ` ${action.why}` : ''}`)
  }
  return lines
}

async function run(from: Store, to: Store, options: PlanOptions = {}, jobs = 3): Promise<Result[]> {
  const results: Result[] = []
  const actions = plan(end(from), end(to), options)
  for await (const result of runPlan(actions, end(from), end(to), {
    clock: new FakeClock(),
    jobs,
    retries: 0,
  })) {
    results.push(result)
  }
  return results
}

async function tree(store: Store): Promise<string[]> {
  const lines: string[] = []
  for await (const { path, entry } of walk(store, rootPath)) {
    lines.push(entry.kind === 'file' ? `${path} ${await get(store, path)}` : `${path} ${entry.kind}`)
  }
  return lines
}

/** A store on a disk that became full: a file can be made, and takes no byte. */
function fullStore(code: string): Store {
  const store = memoryStore()
  const open = store.open.bind(store)
  return Object.assign(store, {
    open: async (...words: Parameters<typeof open>) => {
      const file = await open(...words)
      if (words[1].write !== true) return file
      const cause = Object.assign(new Error(code), { code, syscall: 'write' })
      const write = () => Promise.reject(new FileError('full', 'no space left on the disk', { cause }))
      return Object.assign(file, { write })
    },
  })
}

for (const [code, most] of [
  ['ENOSPC', 3],
  ['EFBIG', 10],
] as const) {
  void test(`a full disk here ends a sync, and one that takes no such large file does not, ${code}`, async () => {
    const names = Array.from({ length: 10 }, (_, at) => [`/f${at}`, 'x'] as const)
    const from = await storeWith(Object.fromEntries(names))
    const to = fullStore(code)
    const results = await run(from, to)
    assert.ok(results.every(({ error }) => error instanceof FileError))
    assert.equal(results.length, most)
    if (code === 'ENOSPC') assert.deepEqual(await tree(to), [])
  })
}

/** A store that finds each name in whatever case it is written, as disks of macOS and Windows do. */
function withoutCase(store: Store): Store {
  const actual = async (path: Path): Promise<Path> => {
    if (path === rootPath) return path
    const parent = await actual(parentOf(path))
    const wanted = nameOf(path).toLowerCase()
    try {
      for await (const batch of store.list(parent)) {
        const found = batch.find(({ name }) => name.toLowerCase() === wanted)
        if (found !== undefined) return joinPath(parent, found.name)
      }
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown
    }
    return joinPath(parent, nameOf(path))
  }
  return Object.assign(Object.create(store) as Store, {
    features: store.features,
    stat: async (path: Path) => store.stat(await actual(path)),
    mkdir: async (path: Path) => store.mkdir(await actual(path)),
    remove: async (path: Path) => store.remove(await actual(path)),
    async *list(path: Path) {
      yield* store.list(await actual(path))
    },
    open: async (path: Path, how: Opening) => store.open(await actual(path), how),
    change: async (path: Path, how: Change) => store.change(await actual(path), how),
    rename: async (from: Path, to: Path, replace: boolean) =>
      store.rename(await actual(from), await actual(to), replace),
  })
}

const twins = { '/Dir/x': '1', '/README': 'one', '/dir/x': '2', '/dir/y': '3', '/readme': 'two!' }

void test('where case is not told apart, the second of two names is told, and is not written over the first', async () => {
  const from = await storeWith(twins)
  const disk = memoryStore()
  for (const _ of ['the first', 'a later']) {
    const results = await run(from, withoutCase(disk))
    const failed = results.filter(({ error }) => error).map(({ action }) => action.path)
    assert.deepEqual(failed, ['dir', 'readme'])
    assert.deepEqual(await tree(disk), ['/Dir directory', '/Dir/x 1', '/README one'])
  }
})

void test('where case is told apart, names that differ in it are two', async () => {
  const from = await storeWith(twins)
  const to = memoryStore()
  const results = await run(from, to)
  assert.ok(results.every(({ error }) => error === undefined))
  assert.deepEqual(await tree(to), await tree(from))
})

void test('where case is not told apart, a name that changed its case is what is there, and is not removed', async () => {
  const from = await storeWith({ '/Dir/x': '1', '/README': 'new one' })
  const disk = await storeWith({ '/dir/x': '1', '/readme': 'old' })
  assert.deepEqual(await planned(from, withoutCase(disk), { delete: true }), ['copy README size'])
  await run(from, withoutCase(disk), { delete: true })
  assert.deepEqual(await tree(disk), ['/dir directory', '/dir/x 1', '/readme new one'])
  assert.deepEqual(await planned(from, withoutCase(disk), { delete: true }), [])
})

void test('a sync makes the target like the source, and a second one has nothing to do', async () => {
  const from = await storeWith({ '/a': '1', '/d/b': '22', '/d/e/c': '333' })
  await from.link(parsePath('/l'), 'd/b', 'symbolic')
  const to = await storeWith({ '/d/b': 'xx', '/old': 'x' })
  await to.change(parsePath('/d/b'), { modified: new Date(0) })
  assert.deepEqual(
    (await run(from, to)).filter(({ error }) => error),
    [],
  )
  assert.deepEqual(await tree(to), [...(await tree(from)), '/old x'])
  assert.deepEqual(await planned(from, to), [])
  assert.deepEqual(await planned(from, to, { delete: true }), ['remove old'])
})

void test('a plan touches nothing', async () => {
  const from = await storeWith({ '/a': '1', '/d/b': '2' })
  const to = await storeWith({ '/old': 'x' })
  assert.deepEqual(await planned(from, to, { delete: true }), [
    'copy a new',
    'mkdir d',
    'copy d/b new',
    'remove old',
  ])
  assert.deepEqual(await tree(to), ['/old x'])
})

void test('removing begins with what is deepest', async () => {
  const from = await storeWith({ '/a': '1' })
  const to = await storeWith({ '/a': '1', '/gone/deep/x': 'x', '/gone/y': 'y' })
  assert.deepEqual(
    (await run(from, to, { delete: true })).filter(({ error }) => error),
    [],
  )
  assert.deepEqual(await tree(to), ['/a 1'])
})

void test('an empty source removes nothing, unless that is said', async () => {
  const from = memoryStore()
  const to = await storeWith({ '/a': '1' })
  await assert.rejects(planned(from, to, { delete: true }), FileError)
  assert.deepEqual(await planned(from, to, { delete: true, deleteAll: true }), ['remove a'])
})

void test('what could not be listed is told, and nothing below it is removed', async () => {
  const from = await storeWith({ '/d/a': '1', '/z': '1' })
  const to = await storeWith({ '/d/a': '1', '/d/b': '2', '/z': '1' })
  const blind: Store = Object.assign(Object.create(from) as Store, {
    features: from.features,
    stat: from.stat.bind(from),
    open: from.open.bind(from),
    list: (path: string) => {
      if (path === '/d') throw new FileError('denied', 'no')
      return from.list(parsePath(path))
    },
  })
  const results = await run(blind, to, { delete: true })
  assert.deepEqual(
    results.map(({ action, error }) => [action.kind, action.path, error?.message]),
    [['trouble', 'd', 'no']],
  )
  assert.equal(await get(to, parsePath('/d/b')), '2')
})

void test('what is excluded is neither copied nor removed', async () => {
  const from = await storeWith({ '/a.txt': '1', '/b.bak': '1', '/d/c.bak': '1' })
  const to = await storeWith({ '/keep.bak': '1', '/old/deep.bak': '1', '/old2/x': '1' })
  const choice = choose([], ['*.bak'])
  assert.deepEqual(await planned(from, to, { delete: true, choice }), [
    'copy a.txt new',
    'mkdir d',
    'remove old2/x',
    'rmdir old2',
  ])
})

void test('sizes, times and hashes are compared as asked for', async () => {
  const from = await storeWith({ '/a': 'same', '/b': 'diff', '/c': 'long' })
  const to = await storeWith({ '/a': 'same', '/b': 'DIFF', '/c': 'longer' })
  await to.change(parsePath('/a'), { modified: new Date(then.getTime() + 7_200_000) })
  assert.deepEqual(await planned(from, to), ['copy a time', 'copy c size'])
  assert.deepEqual(await planned(from, to, { compare: 'size' }), ['copy c size'])
  assert.deepEqual(await planned(from, to, { compare: 'hash' }), ['copy b content', 'copy c size'])
  const [first] = await actionsOf(from, to)
  assert.match(first?.kind === 'copy' ? (first.note ?? '') : '', /exactly 2 h: time zone/)
})

async function actionsOf(from: Store, to: Store): Promise<Action[]> {
  const actions: Action[] = []
  for await (const action of plan(end(from), end(to))) actions.push(action)
  return actions
}

void test('a directory in the way of a file is replaced only where removing was asked for', async () => {
  const from = await storeWith({ '/x': '1' })
  const to = await storeWith({ '/x/y': '2' })
  assert.deepEqual(await planned(from, to), ['trouble x'])
  assert.deepEqual(await planned(from, to, { delete: true }), ['remove x/y', 'rmdir x', 'copy x new'])
  await run(from, to, { delete: true }, 1)
  assert.deepEqual(await tree(to), ['/x 1'])
})

void test('a link comes in the place of a file or a directory where removing was asked for', async () => {
  const from = await storeWith({ '/a': '1' })
  for (const name of ['/x', '/y']) await from.link(parsePath(name), 'a', 'symbolic')
  const to = await storeWith({ '/a': '1', '/x/b': '2', '/y': '3' })
  const failed = (await run(from, to, { delete: true })).filter(({ error }) => error)
  assert.deepEqual(failed, [])
  assert.deepEqual(await tree(to), ['/a 1', '/x link', '/y link'])
})

/** A store whose removals take their time, or are refused. */
function slowToRemove(store: Store, refusal?: Error): Store {
  const remove = async (path: Path): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
    if (refusal !== undefined) throw refusal
    await store.remove(path)
  }
  return new Proxy(store, {
    get(target, key) {
      if (key === 'remove') return remove
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

void test('a directory in the place of a link waits until it has gone, and nothing is written to where it leads', async () => {
  const from = await storeWith({ '/d/b': 'new', '/d/e/c': 'new' })
  for (const refusal of [undefined, new FileError('denied', 'no')]) {
    const to = await storeWith({ '/elsewhere/b': 'kept' })
    await to.link(parsePath('/d'), 'elsewhere', 'symbolic')
    const results = await run(from, slowToRemove(to, refusal), {
      delete: true,
      choice: (path) => path !== 'elsewhere',
    })
    const failed = results.filter(({ error }) => error)
    assert.equal(failed.length, refusal === undefined ? 0 : 5)
    assert.equal(await get(to, parsePath('/elsewhere/b')), 'kept')
    assert.deepEqual(
      (await tree(to)).filter((line) => line.startsWith('/d')),
      refusal === undefined ? ['/d directory', '/d/b new', '/d/e directory', '/d/e/c new'] : ['/d link'],
    )
  }
})

void test('a copy that broke off goes on where it was, and the rest is not touched again', async () => {
  const from = await storeWith({ '/a': 'whole', '/b': '0123456789' })
  const to = await storeWith({ '/a': 'whole' })
  const part = partOf(
    { store: from, path: parsePath('/b') },
    { store: to, path: parsePath('/b') },
    await from.stat(parsePath('/b')),
  )
  await put(to, part, '01234')
  const reads: string[] = []
  const watched: Store = Object.assign(Object.create(from) as Store, {
    features: from.features,
    list: from.list.bind(from),
    stat: from.stat.bind(from),
    open: (path: string, how: { from?: number }) => {
      reads.push(`${path} from ${how.from ?? 0}`)
      return from.open(parsePath(path), { ...how, read: true })
    },
  })
  await run(watched, to)
  assert.deepEqual(reads, ['/b from 5'])
  assert.deepEqual(await tree(to), ['/a whole', '/b 0123456789'])
})

void test('a file that came whole before its time was set gets its time alone', async () => {
  const from = await storeWith({ '/a': '1' })
  const to = await storeWith({ '/a': '1' })
  await to.change(parsePath('/a'), { modified: new Date('2026-05-05T00:00:01Z') })
  assert.deepEqual(await planned(from, to, { noted: () => 'whole' }), ['keep a'])
  await run(from, to, { noted: () => 'whole' })
  assert.equal((await to.stat(parsePath('/a'))).modified.getTime(), then.getTime())
})

void test('a file that was begun gets its time alone when its hash is right, and else comes again', async () => {
  const from = await storeWith({ '/a': '1', '/b': '2' })
  const to = await storeWith({ '/a': '1', '/b': 'x' })
  for (const name of ['/a', '/b'])
    await to.change(parsePath(name), { modified: new Date('2026-05-05T00:00:01Z') })
  assert.deepEqual(await planned(from, to, { noted: () => 'begun' }), ['keep a', 'copy b time'])
})

void test('a source that says a larger size than it gives is incomplete, and the old file stays', async () => {
  const from = await storeWith({ '/a': 'short' })
  const to = await storeWith({ '/a': 'old' })
  const lying: Store = Object.assign(Object.create(from) as Store, {
    features: from.features,
    open: from.open.bind(from),
    async *list(path: string) {
      for await (const batch of from.list(parsePath(path)))
        yield batch.map((entry) => ({ ...entry, size: 100 }))
    },
  })
  const [result] = await run(lying, to)
  assert.equal(result?.error?.name, 'IncompleteError')
  assert.equal(await get(to, parsePath('/a')), 'old')
})

void test('a server’s names never lead out of the target (CVE-2026-27699 and its four kin)', async () => {
  const names = ['../evil.bin', '/etc/passwd', '..', '.', '', 'a/../../b', 'x\0y', '..\\evil', 'C:\\evil']
  const from = memoryStore()
  const evil: Store = Object.assign(Object.create(from) as Store, {
    features: from.features,
    async *list() {
      yield names.map((name) => ({ name, kind: 'file' as const, size: 1, modified: then }))
    },
    open: async () => {
      const file = await storeWith({ '/f': 'x' })
      return file.open(parsePath('/f'), { read: true })
    },
  })
  const outer = await storeWith({ '/target/inner': 'x' })
  const to = { store: outer, path: parsePath('/target') }
  const results: Result[] = []
  for await (const result of runPlan(plan(end(evil), to), end(evil), to, {
    clock: new FakeClock(),
    retries: 0,
  })) {
    results.push(result)
  }
  assert.equal(results.filter(({ action }) => action.kind === 'skip').length, 7)
  for (const line of await tree(outer)) assert.match(line, /^\/target/u)
})

void test('a file whose time cannot be told over there is whole without it', async () => {
  const from = await storeWith({ '/a': '1' })
  await from.change(parsePath('/a'), { modified: new Date('2107-12-31T00:00:00Z') })
  const to = memoryStore()
  const refusal = new FileError('invalid', 'SFTP tells times from 1970 to 2106')
  const results = await run(from, Object.assign(to, { change: () => Promise.reject(refusal) }))
  assert.deepEqual(
    results.map(({ error }) => error),
    [undefined],
  )
  assert.deepEqual(await tree(to), ['/a 1'])
})

void test('a failing file stops no other, and its error is told with it', async () => {
  const from = await storeWith({ '/a': '1', '/b': '2', '/c': '3' })
  const broken: Store = Object.assign(Object.create(from) as Store, {
    features: from.features,
    list: from.list.bind(from),
    open: async (path: string) => {
      if (path === '/b') throw new FileError('denied', 'not this one')
      return from.open(parsePath(path), { read: true })
    },
  })
  const to = memoryStore()
  const failed = (await run(broken, to)).filter(({ error }) => error)
  assert.deepEqual(
    failed.map(({ action }) => action.path),
    ['b'],
  )
  assert.deepEqual(await tree(to), ['/a 1', '/c 3'])
})

test('a file that is as old as the clock of Unix, or older, has its time kept and is not copied again', async () => {
  const from = await storeWith({ '/epoch': 'e', '/older': 'o' })
  await from.change(parsePath('/epoch'), { modified: new Date(0) })
  await from.change(parsePath('/older'), { modified: new Date('1965-03-04T05:06:07Z') })
  const to = memoryStore()
  await run(from, to)
  assert.deepEqual(await planned(from, to), [])
  assert.equal((await to.stat(parsePath('/epoch'))).modified.getTime(), 0)
})
