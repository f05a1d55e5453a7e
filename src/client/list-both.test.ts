import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../core/store.ts'
import { listBoth } from './list-both.ts'

const file = (name: string, size = 1): Entry => ({ name, kind: 'file', size, modified: new Date(0) })
const sameSize = (entry: Entry, target: Entry): boolean => entry.size === target.size

/** A listing that comes in these batches. */
async function* told(...batches: readonly (readonly Entry[])[]): AsyncGenerator<readonly Entry[]> {
  for (const batch of batches) yield await Promise.resolve(batch)
}

async function names(from: AsyncIterable<readonly Entry[]>, to: AsyncIterable<readonly Entry[]>) {
  const { entries, there, isEmpty } = await listBoth(from, to, sameSize)
  return { entries: entries.map(({ name }) => name), there: there.map(({ name }) => name), isEmpty }
}

test('what is alike is left out, in whatever order both tell it, and the rest is sorted', async () => {
  const from = told([file('d'), file('b')], [file('a'), file('new')])
  const to = told([file('a'), file('old')], [file('b', 2), file('d')])
  assert.deepEqual(await names(from, to), { entries: ['b', 'new'], there: ['b', 'old'], isEmpty: false })
})

test('a name that is told twice is one file, also where it is alike by the time it comes again', async () => {
  const twice = [[file('a'), file('b')], [file('a', 2), file('b', 3)], [file('b')]]
  const once = [[file('a')], [], [], [file('b', 2)]]
  const left = { entries: ['b'], there: ['b'], isEmpty: false }
  assert.deepEqual(await names(told(...twice), told(...once)), left)
  assert.deepEqual(await names(told(...once), told(...twice)), left)
})

test('a directory whose files are all alike is not an empty one', async () => {
  assert.deepEqual(await names(told([file('a')]), told([file('a')])), {
    entries: [],
    there: [],
    isEmpty: false,
  })
  assert.equal((await names(told(), told([file('a')]))).isEmpty, true)
})

test('what one of them cannot tell is an error', async () => {
  const broken = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('gone')) }) }
  await assert.rejects(names(told([file('a')]), broken), /gone/u)
})
