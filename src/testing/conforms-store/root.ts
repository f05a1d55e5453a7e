import assert from 'node:assert/strict'
import { rootPath } from '../../core/path.ts'
import { refused, refusedOpening, type StoreCase } from './case.ts'

export const rootCases: readonly StoreCase[] = [
  {
    name: 'it is a directory without a name',
    async run(store) {
      const entry = await store.stat(rootPath)
      assert.equal(entry.kind, 'directory')
      assert.equal(entry.name, '')
      assert.equal((await store.stat(rootPath, false)).kind, 'directory')
    },
  },
  {
    name: 'it can be listed',
    async run(store, at) {
      const kinds = new Map<string, string>()
      for await (const batch of store.list(rootPath))
        for (const entry of batch) kinds.set(entry.name, entry.kind)
      assert.equal(kinds.get(at('').split('/')[1] ?? ''), 'directory')
    },
  },
  {
    name: 'it can be neither removed, nor moved, nor made again, nor opened',
    async run(store, at) {
      await refused('any', store.rmdir(rootPath))
      await refused('is-directory', store.remove(rootPath))
      await refused('any', store.rename(rootPath, at('elsewhere'), true))
      await refused('any', store.rename(at(''), rootPath, true))
      await refused('exists', store.mkdir(rootPath))
      await refusedOpening('is-directory', store, rootPath, { read: true })
      await refusedOpening('is-directory', store, rootPath, { write: true, create: 'allow' })
      assert.equal((await store.stat(at(''))).kind, 'directory')
    },
  },
]
