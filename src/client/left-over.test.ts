import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinPath, parsePath, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { namesIn, put } from '../testing/conforms-store/case.ts'
import { partOf } from './copy-file.ts'
import { sweepBeside } from './left-over.ts'
import { passingName } from './part-path.ts'
import { plan } from './plan.ts'

const now = Date.UTC(2026, 10, 21)
const hourMs = 3_600_000
const from = { store: memoryStore(), path: parsePath('/a') }

async function add(store: Store, path: Path, content: string, hours: number): Promise<void> {
  await put(store, path, content)
  await store.change(path, { modified: new Date(now - hours * hourMs) })
}

/** A part of a file of this size. */
function part(store: Store, size: number): Path {
  return partOf(
    from,
    { store, path: parsePath('/a') },
    { name: 'a', kind: 'file', size, modified: new Date(0) },
  )
}

async function scene(): Promise<Store> {
  const store = memoryStore()
  await add(store, part(store, 1), '', 2)
  await add(store, part(store, 2), '', 0.5)
  await add(store, part(store, 3), 'some', 24 * 8)
  await add(store, part(store, 4), 'some', 24 * 6)
  await add(store, joinPath(rootPath, passingName('old')), 'some', 25)
  await add(store, joinPath(rootPath, passingName('new')), 'some', 2)
  await add(store, parsePath('/file'), '', 24 * 400)
  return store
}

test('parts of killed copies are removed when nobody can be writing them any more, and nothing else', async () => {
  const store = await scene()
  await sweepBeside({ store, path: parsePath('/other') }, now)
  const left = await namesIn(store, rootPath)
  const kept = [part(store, 2), part(store, 4)].map((path) => path.slice(1))
  assert.deepEqual(
    left.filter((name) => !name.endsWith('-new')),
    [...kept, 'file'].toSorted(),
  )
  assert.equal(left.length, 4)
})

test('a plan removes them, but for one that the copy goes on with', async () => {
  const store = await scene()
  const source = memoryStore()
  await add(source, parsePath('/a'), 'abc', 1)
  const entry = await source.stat(parsePath('/a'))
  const own = partOf({ store: source, path: parsePath('/a') }, { store, path: parsePath('/a') }, entry)
  await add(store, own, 'ab', 24 * 30)
  const removed: string[] = []
  const ends = [source, store].map((each) => ({ store: each, path: rootPath })) as [typeof from, typeof from]
  for await (const action of plan(...ends, { now })) if (action.kind === 'remove') removed.push(action.path)
  assert.equal(removed.length, 3)
  assert.ok(!removed.includes(own.slice(1)))
})
