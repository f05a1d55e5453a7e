import assert from 'node:assert/strict'
import type { Entry } from '../../core/store.ts'
import { exists, get, namesIn, put, refused, refusedOpening, type StoreCase } from './case.ts'

export const linkCases: readonly StoreCase[] = [
  {
    name: 'a link leads to a file and keeps its text',
    features: ['links'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.link(at('link'), 'file', 'symbolic')
      assert.equal(await get(store, at('link')), 'content')
      const followed = await store.stat(at('link'))
      assert.equal(followed.kind, 'file')
      assert.equal(followed.name, 'link')
      assert.equal(followed.size, 7)
      const itself = await store.stat(at('link'), false)
      assert.equal(itself.kind, 'link')
      assert.equal(itself.target, 'file')
    },
  },
  {
    name: 'blanks and quotes are of the names of links and of what they lead to',
    features: ['links'],
    async run(store, at) {
      for (const [name, target] of [
        ['two words', 'file'],
        [' a -> b', 'two "quoted" words'],
        ['a "quoted" link', 'a  file'],
        ['say"so"', 'a "file"'],
      ] as const) {
        await store.link(at(name), target, 'symbolic')
        const { kind, target: told } = await store.stat(at(name), false)
        assert.deepEqual([kind, told], ['link', target], name)
      }
    },
  },
  {
    name: 'a list tells of links, not of what they lead to',
    features: ['links'],
    async run(store, at) {
      await store.mkdir(at('directory'))
      await store.link(at('link'), 'directory', 'symbolic')
      const entries: Entry[] = []
      for await (const batch of store.list(at('')))
        entries.push(...batch.filter(({ name }) => name === 'link'))
      assert.deepEqual(entries, [await store.stat(at('link'), false)])
    },
  },
  {
    name: 'a link stands in the middle of a path, goes up, and leads to links',
    features: ['links'],
    async run(store, at) {
      await store.mkdir(at('a'))
      await store.mkdir(at('a/b'))
      await put(store, at('a/file'), 'content')
      await store.link(at('a/b/up'), '..', 'symbolic')
      await store.link(at('first'), './a//b/', 'symbolic')
      await store.link(at('second'), 'first/up', 'symbolic')
      assert.equal((await store.stat(at('first'), false)).target, './a//b/')
      assert.equal(await get(store, at('a/b/up/file')), 'content')
      assert.equal(await get(store, at('second/file')), 'content')
      assert.deepEqual(await namesIn(store, at('second')), ['b', 'file'])
      await store.mkdir(at('second/made'))
      assert.equal((await store.stat(at('a/made'))).kind, 'directory')
    },
  },
  {
    name: 'remove and rename act on the link itself',
    features: ['links'],
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('directory/file'), 'content')
      await store.link(at('link'), 'directory/file', 'symbolic')
      await store.link(at('way'), 'directory', 'symbolic')
      await store.rename(at('link'), at('moved'), false)
      assert.equal((await store.stat(at('moved'), false)).target, 'directory/file')
      await refused('not-directory', store.rmdir(at('way')))
      await store.remove(at('way'))
      await store.remove(at('moved'))
      assert.equal(await get(store, at('directory/file')), 'content')
    },
  },
  {
    name: 'a link that leads to nothing is there, can be written through, and is not a free name',
    features: ['links'],
    async run(store, at) {
      await store.link(at('link'), 'later', 'symbolic')
      assert.equal(await exists(store, at('link')), true)
      await refused('not-found', store.stat(at('link')))
      await refusedOpening('not-found', store, at('link'), { read: true })
      await refusedOpening('exists', store, at('link'), { write: true, create: 'require' })
      await refused('exists', store.mkdir(at('link')))
      await refused('exists', store.link(at('link'), 'other', 'symbolic'))
      await put(store, at('link'), 'content')
      assert.equal(await get(store, at('later')), 'content')
    },
  },
  {
    name: 'links in a circle are refused, not followed for ever',
    features: ['links'],
    async run(store, at) {
      await store.link(at('one'), 'two', 'symbolic')
      await store.link(at('two'), 'one', 'symbolic')
      await store.link(at('self'), 'self/self', 'symbolic')
      for (const place of ['one', 'two/file', 'self']) {
        await refused('any', store.stat(at(place)))
        await refused('any', store.open(at(place), { write: true, create: 'allow' }))
      }
      assert.equal((await store.stat(at('one'), false)).kind, 'link')
    },
  },
  {
    name: 'a link needs a text, a parent and a free name',
    features: ['links'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await refused('exists', store.link(at('file'), 'other', 'symbolic'))
      await refused('not-found', store.link(at('missing/link'), 'other', 'symbolic'))
      await refused('not-directory', store.link(at('file/link'), 'other', 'symbolic'))
      await refused('invalid', store.link(at('link'), '', 'symbolic'))
      await refused('invalid', store.link(at('link'), 'a\0b', 'symbolic'))
      assert.deepEqual(await namesIn(store, at('')), ['file'])
    },
  },
  {
    name: 'a change goes where a link leads',
    ability: 'random-writes',
    features: ['links', 'modes'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.link(at('link'), 'file', 'symbolic')
      await store.change(at('link'), { mode: 0o604, size: 2 })
      const entry = await store.stat(at('file'))
      assert.equal(entry.mode, 0o604)
      assert.equal(entry.size, 2)
    },
  },
  {
    name: 'a hard link is another name of the same file',
    features: ['hard-links'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      await store.link(at('directory/name'), at('file'), 'hard')
      const [first, second] = [await store.stat(at('file')), await store.stat(at('directory/name'))]
      assert.equal(first.id, second.id)
      await put(store, at('directory/name'), 'changed')
      await store.remove(at('directory/name'))
      assert.equal(await get(store, at('file')), 'changed')
    },
  },
  {
    name: 'a hard link needs a file and a free name',
    features: ['hard-links'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await put(store, at('other'), 'other')
      await store.mkdir(at('directory'))
      await refused('exists', store.link(at('other'), at('file'), 'hard'))
      await refused('not-found', store.link(at('new'), at('missing'), 'hard'))
      await refused('is-directory', store.link(at('new'), at('directory'), 'hard'))
      await refused('not-found', store.link(at('missing/new'), at('file'), 'hard'))
      assert.equal(await get(store, at('other')), 'other')
      assert.deepEqual(await namesIn(store, at('')), ['directory', 'file', 'other'])
    },
  },
  {
    name: 'different files have different ids',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await put(store, at('other'), 'content')
      const [first, second] = [await store.stat(at('file')), await store.stat(at('other'))]
      if (first.id !== undefined) assert.notEqual(first.id, second.id)
    },
  },
]
