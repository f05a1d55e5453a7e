import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { rootPath } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { plan } from './plan.ts'
import { removeTree } from './remove-tree.ts'
import { listAll, walk } from './walk.ts'

const again: Entry = { name: 'a'.repeat(250), kind: 'directory', size: 0, modified: new Date(0) }

/** Each of its directories holds another one. */
function endless(): Store {
  return Object.assign(memoryStore(), {
    async *list() {
      yield [again]
    },
  })
}

function tooLong(thrown: unknown): boolean {
  return thrown instanceof FileError && thrown.fault === 'invalid'
}

test('a server that shows a directory in itself without end is left at some depth', async () => {
  await assert.rejects(async () => {
    for await (const { depth } of walk(endless(), rootPath)) assert.ok(depth < 100)
  }, tooLong)
  await assert.rejects(removeTree(endless(), rootPath), tooLong)
})

test('a plan tells of it, and goes on with the rest', async () => {
  const actions = plan({ store: endless(), path: rootPath }, { store: memoryStore(), path: rootPath })
  const kinds: string[] = []
  for await (const { kind } of actions) kinds.push(kind)
  assert.equal(kinds.at(-1), 'trouble')
  assert.ok(kinds.length < 100)
})

test('a name that a listing has twice is one file, the first of them', async () => {
  const link: Entry = { ...again, name: 'a', kind: 'link', target: '/elsewhere' }
  const twice = Object.assign(memoryStore(), {
    async *list() {
      yield [link, { ...again, name: 'b' }]
      yield [{ ...again, name: 'a' }]
    },
  })
  const found = await listAll(twice, rootPath)
  assert.deepEqual(
    found.map(({ name, kind }) => `${name} ${kind}`),
    ['a link', 'b directory'],
  )
})

test('a plan lists under the signal that ends it', async () => {
  const control = new AbortController()
  const asked: (AbortSignal | undefined)[] = []
  const store = Object.assign(memoryStore(), {
    capabilities: () => [],
    under(signal: AbortSignal) {
      asked.push(signal)
      return store
    },
  })
  const end = { store, path: rootPath }
  for await (const _ of plan(end, end, { signal: control.signal })) assert.fail('nothing is to be done')
  assert.deepEqual(asked, [control.signal, control.signal])
})
