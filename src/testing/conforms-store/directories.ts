import assert from 'node:assert/strict'
import { exists, get, namesIn, put, refused, type StoreCase } from './case.ts'

export const directoryCases: readonly StoreCase[] = [
  {
    name: 'a directory made is there and empty',
    async run(store, at) {
      await store.mkdir(at('new'))
      const entry = await store.stat(at('new'))
      assert.equal(entry.kind, 'directory')
      assert.equal(entry.name, 'new')
      assert.deepEqual(await namesIn(store, at('new')), [])
    },
  },
  {
    name: 'directories nest',
    async run(store, at) {
      await store.mkdir(at('a'))
      await store.mkdir(at('a/b'))
      await store.mkdir(at('a/b/c'))
      await put(store, at('a/b/c/file'), 'deep')
      assert.equal(await get(store, at('a/b/c/file')), 'deep')
      assert.deepEqual(await namesIn(store, at('a/b')), ['c'])
    },
  },
  {
    name: 'mkdir refuses a name that is taken, a missing parent, and a file as parent',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      await refused('exists', store.mkdir(at('directory')))
      await refused('exists', store.mkdir(at('file')))
      await refused('not-found', store.mkdir(at('missing/new')))
      await refused('not-directory', store.mkdir(at('file/new')))
      assert.equal(await get(store, at('file')), 'content')
    },
  },
  {
    name: 'rmdir removes an empty directory and refuses everything else',
    async run(store, at) {
      await store.mkdir(at('full'))
      await put(store, at('full/file'), 'content')
      await refused('not-empty', store.rmdir(at('full')))
      await refused('not-found', store.rmdir(at('missing')))
      await refused('not-directory', store.rmdir(at('full/file')))
      await store.remove(at('full/file'))
      await store.rmdir(at('full'))
      assert.equal(await exists(store, at('full')), false)
    },
  },
  {
    name: 'remove removes a file and refuses everything else',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      await refused('is-directory', store.remove(at('directory')))
      await refused('not-found', store.remove(at('missing')))
      await refused('not-directory', store.remove(at('file/below')))
      await store.remove(at('file'))
      await refused('not-found', store.stat(at('file')))
      await refused('not-found', store.remove(at('file')))
      assert.deepEqual(await namesIn(store, at('')), ['directory'])
    },
  },
  {
    name: 'stat tells of a file, and says what stands in the way to one',
    async run(store, at) {
      await put(store, at('file'), 'twelve bytes')
      const entry = await store.stat(at('file'))
      assert.equal(entry.kind, 'file')
      assert.equal(entry.name, 'file')
      assert.equal(entry.size, 12)
      assert.ok(Number.isFinite(entry.modified.getTime()))
      await refused('not-found', store.stat(at('missing')))
      await refused('not-found', store.stat(at('missing/file')))
      await refused('not-directory', store.stat(at('file/below')))
    },
  },
  {
    name: 'where it can find, it finds what stat tells of the name itself, and nothing where nothing is',
    async run(store, at) {
      if (store.find === undefined) return
      await put(store, at('file'), 'twelve bytes')
      assert.deepEqual(await store.find(at('file')), await store.stat(at('file'), false))
      assert.equal(await store.find(at('missing')), undefined)
      await refused('not-directory', store.find(at('file/below')))
      if (!store.features.has('links')) return
      await store.link(at('link'), 'file', 'symbolic')
      assert.deepEqual(await store.find(at('link')), await store.stat(at('link'), false))
    },
  },
  {
    name: 'where it can remove and find, it removes what remove does, and then tells of the name beside it',
    async run(store, at) {
      if (store.removeAndFind === undefined) return
      await store.mkdir(at('directory'))
      for (const name of ['file', 'other', 'beside']) await put(store, at(`directory/${name}`), name)
      const beside = await store.stat(at('directory/beside'), false)
      assert.deepEqual(await store.removeAndFind(at('directory/file'), 'beside'), beside)
      assert.equal(await store.removeAndFind(at('directory/other'), 'other'), undefined)
      await refused('not-found', store.removeAndFind(at('directory/file'), 'beside'))
      await refused('is-directory', store.removeAndFind(at('directory'), 'beside'))
      await refused('not-directory', store.removeAndFind(at('directory/beside/below'), 'beside'))
      assert.deepEqual(await store.stat(at('directory/beside'), false), beside)
    },
  },
  {
    name: 'where it can find both, it finds what it finds of each, and of two in a directory only the first one',
    async run(store, at) {
      if (store.findBoth === undefined) return
      await store.mkdir(at('directory'))
      for (const name of ['file', 'beside']) await put(store, at(`directory/${name}`), name)
      const file = await store.stat(at('directory/file'), false)
      const beside = await store.stat(at('directory/beside'), false)
      assert.deepEqual(await store.findBoth(at('directory/file'), 'beside'), [file, beside])
      assert.deepEqual(await store.findBoth(at('directory/file'), 'missing'), [file, undefined])
      assert.deepEqual(await store.findBoth(at('directory/missing'), 'beside'), [undefined, beside])
      const [directory, other] = await store.findBoth(at('directory'), 'directory')
      assert.equal(directory?.kind, 'directory')
      assert.equal(other, undefined)
      await refused('not-found', store.findBoth(at('missing/file'), 'beside'))
      await refused('not-directory', store.findBoth(at('directory/file/below'), 'beside'))
      if (!store.features.has('links')) return
      await store.link(at('directory/link'), 'file', 'symbolic')
      const link = await store.stat(at('directory/link'), false)
      assert.deepEqual(await store.findBoth(at('directory/link'), 'beside'), [link, undefined])
      assert.deepEqual(await store.findBoth(at('directory/file'), 'link'), [file, link])
    },
  },
]
