import assert from 'node:assert/strict'
import type { Path } from '../../core/path.ts'
import type { Entry, Store } from '../../core/store.ts'
import { entriesIn, namesIn, put, refused, rowsAsEntries, type StoreCase } from './case.ts'

const many = 2500

export const listCases: readonly StoreCase[] = [
  {
    name: 'an entry in a list tells the same as stat',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      const entries = new Map<string, Entry>()
      for await (const batch of store.list(at(''))) for (const entry of batch) entries.set(entry.name, entry)
      assert.deepEqual([...entries.keys()].toSorted(), ['directory', 'file'])
      assert.deepEqual(entries.get('file'), await store.stat(at('file')))
      assert.deepEqual(entries.get('directory'), await store.stat(at('directory')))
    },
  },
  {
    name: 'rows, where a store has them, tell the same as its list',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      await put(store, at('Grüße'), '')
      if (store.features.has('links')) await store.link(at('link'), 'where it leads', 'symbolic')
      assert.deepEqual(await rowsAsEntries(store, at('')), await entriesIn(store, at('')))
      await refused('not-found', rowsAsEntries(store, at('missing')))
      await refused('not-directory', rowsAsEntries(store, at('file')))
    },
  },
  {
    name: 'a list of nothing, of a file, and through a file is refused',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await refused('not-found', namesIn(store, at('missing')))
      await refused('not-directory', namesIn(store, at('file')))
      await refused('not-directory', namesIn(store, at('file/below')))
    },
  },
  {
    name: `${many} entries come once each, in batches`,
    async run(store, at) {
      const wanted = Array.from({ length: many }, (_, index) => `entry ${String(index).padStart(5, '0')}`)
      await fill(store, wanted.map(at))
      const names: string[] = []
      let batches = 0
      for await (const batch of store.list(at(''))) {
        batches += 1
        names.push(...batch.map((entry) => entry.name))
      }
      assert.deepEqual(names.toSorted(), wanted)
      assert.ok(batches > 1, 'a large directory does not come in one piece')
    },
  },
  {
    name: 'a list that is left early leaves nothing behind',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('directory/one'), '')
      await put(store, at('directory/two'), '')
      for await (const batch of store.list(at('directory'))) {
        assert.ok(batch.length > 0)
        break
      }
      await store.remove(at('directory/one'))
      await store.remove(at('directory/two'))
      await store.rmdir(at('directory'))
      await refused('not-found', namesIn(store, at('directory')))
    },
  },
  {
    name: 'entries may come and go while a list is under way',
    async run(store, at) {
      for (let index = 0; index < 20; index += 1) await put(store, at(`file ${index}`), '')
      const seen: string[] = []
      for await (const batch of store.list(at(''))) {
        for (const entry of batch) {
          seen.push(entry.name)
          await store.remove(at(entry.name))
        }
      }
      assert.equal(new Set(seen).size, seen.length)
      assert.deepEqual(await namesIn(store, at('')), [])
    },
  },
]

/** Makes many names, of one file if possible: a disk takes a millisecond for each new file when it is busy. */
async function fill(store: Store, [first, ...others]: readonly Path[]): Promise<void> {
  assert.ok(first)
  await put(store, first, '')
  for (const path of others) {
    if (store.features.has('hard-links')) await store.link(path, first, 'hard')
    else await put(store, path, '')
  }
}
