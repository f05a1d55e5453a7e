import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { ListingAhead } from './listing-ahead.ts'

const nothing = { entries: [], there: [], alike: new Set(), isEmpty: true }

/** Directories with a file each, and what was asked for so far. */
async function scene(names: readonly string[]) {
  const store = memoryStore()
  const asked: string[] = []
  const watched: Store = Object.create(store, {
    list: {
      value(path: string) {
        asked.push(path)
        if (path === '/bad') throw new FileError('denied', 'nobody may look in')
        return store.list(parsePath(path))
      },
    },
  }) as Store
  for (const name of names) await store.mkdir(parsePath(`/${name}`))
  const ahead = new ListingAhead(
    names.map((name) => ({ name, from: { store: watched, path: parsePath(`/${name}`) }, to: undefined })),
    () => false,
  )
  return { ahead, asked }
}

test('a few directories are listed before they are asked for, and each once', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `d${at}`)
  const { ahead, asked } = await scene(names)
  await ahead.take('d0')
  assert.deepEqual(asked, ['/d0', '/d1', '/d2', '/d3', '/d4', '/d5', '/d6', '/d7', '/d8'])
  for (const name of names.slice(1)) assert.deepEqual(await ahead.take(name), nothing)
  assert.equal(asked.length, 20)
})

test('a directory that is left out is forgotten', async () => {
  const { ahead } = await scene(['a', 'b', 'c'])
  await ahead.take('a')
  await ahead.take('c')
  assert.throws(() => ahead.take('b'), /another order/u)
})

test('what cannot be listed is told to the one who asks for it, and to nobody else', async () => {
  const { ahead } = await scene(['good', 'bad', 'last'])
  await ahead.take('good')
  await assert.rejects(ahead.take('bad'), FileError)
  assert.deepEqual(await ahead.take('last'), nothing)
})
