import assert from 'node:assert/strict'
import { transfer } from '../../core/transfer.ts'
import { exists, get, put, refused, refusedOpening, type StoreCase } from './case.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

export const openingCases: readonly StoreCase[] = [
  {
    name: 'without create a file must be there',
    async run(store, at) {
      await refusedOpening('not-found', store, at('missing'), { read: true })
      await refusedOpening('not-found', store, at('missing'), { write: true })
      await refusedOpening('not-found', store, at('missing'), { write: true, truncate: true })
      assert.equal(await exists(store, at('missing')), false)
    },
  },
  {
    name: 'a missing parent, a file as parent and a directory are refused',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      const creating = { write: true, create: 'allow', truncate: true } as const
      await refusedOpening('not-found', store, at('missing/file'), creating)
      await refusedOpening('not-directory', store, at('file/below'), creating)
      await refusedOpening('not-directory', store, at('file/below'), { read: true })
      await refusedOpening('is-directory', store, at('directory'), { read: true })
      await refusedOpening('is-directory', store, at('directory'), { write: true })
      await refusedOpening('is-directory', store, at('directory'), creating)
      await refusedOpening('exists', store, at('directory'), { write: true, create: 'require' })
    },
  },
  {
    name: 'create "allow" takes what is there, and makes what is not',
    ability: 'random-writes',
    async run(store, at) {
      await put(store, at('old'), 'old content')
      const old = await store.open(at('old'), { write: true, create: 'allow' })
      await transfer(old, () => old.write([bytes('new')], 0))
      assert.equal(await get(store, at('old')), 'new content')
      const fresh = await store.open(at('fresh'), { write: true, create: 'allow' })
      await transfer(fresh, async () => undefined)
      assert.equal(await get(store, at('fresh')), '')
    },
  },
  {
    name: 'create "require" wants the name to be free',
    async run(store, at) {
      await put(store, at('old'), 'old content')
      await refusedOpening('exists', store, at('old'), { write: true, create: 'require', truncate: true })
      assert.equal(await get(store, at('old')), 'old content')
      const fresh = await store.open(at('fresh'), { write: true, create: 'require' })
      await transfer(fresh, () => fresh.write([bytes('fresh')], 0))
      assert.equal(await get(store, at('fresh')), 'fresh')
    },
  },
  {
    name: 'truncate drops everything, or what lies behind "from"',
    async run(store, at) {
      await put(store, at('file'), '0123456789')
      const resumed = await store.open(at('file'), { write: true, create: 'allow', truncate: true, from: 4 })
      assert.equal((await resumed.stat()).size, 4)
      await transfer(resumed, () => resumed.write([bytes('AB')], 4))
      assert.equal(await get(store, at('file')), '0123AB')
      const whole = await store.open(at('file'), { write: true, truncate: true })
      await transfer(whole, async () => undefined)
      assert.equal(await get(store, at('file')), '')
    },
  },
  {
    name: '"from" may be the very end of a file',
    async run(store, at) {
      await put(store, at('file'), '0123')
      const file = await store.open(at('file'), { write: true, truncate: true, from: 4 })
      await transfer(file, () => file.write([bytes('45')], 4))
      assert.equal(await get(store, at('file')), '012345')
    },
  },
  {
    name: '"from" behind the end is invalid, and touches nothing',
    async run(store, at) {
      await put(store, at('file'), '0123')
      await refusedOpening('invalid', store, at('file'), { write: true, truncate: true, from: 5 })
      await refusedOpening('invalid', store, at('file'), { write: true, from: 5 })
      await refusedOpening('invalid', store, at('file'), { read: true, from: 5 })
      assert.equal(await get(store, at('file')), '0123')
      await refusedOpening('invalid', store, at('new'), {
        write: true,
        create: 'allow',
        truncate: true,
        from: 1,
      })
      assert.equal(await exists(store, at('new')), false)
    },
  },
  {
    name: 'a writer that appends learns from stat where to go on',
    async run(store, at) {
      await put(store, at('log'), 'one,')
      const file = await store.open(at('log'), { write: true, create: 'allow', append: true })
      const { size } = await file.stat()
      assert.equal(size, 4)
      await transfer(file, async () => {
        await file.write([bytes('two,')], size)
        await file.write([bytes('three')], size + 4)
      })
      assert.equal(await get(store, at('log')), 'one,two,three')
      const fresh = await store.open(at('fresh'), { write: true, create: 'allow', append: true })
      assert.equal((await fresh.stat()).size, 0)
      await transfer(fresh, () => fresh.write([bytes('first')], 0))
      assert.equal(await get(store, at('fresh')), 'first')
    },
  },
  {
    name: 'an opening that wants neither, cuts without writing, or starts at no place is invalid',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await refusedOpening('invalid', store, at('file'), {})
      await refusedOpening('invalid', store, at('file'), { read: true, truncate: true })
      await refusedOpening('invalid', store, at('file'), { write: true, from: -1 })
      await refusedOpening('invalid', store, at('file'), { write: true, from: 0.5 })
      assert.equal(await get(store, at('file')), 'content')
    },
  },
  {
    name: 'a reader cannot write, a writer cannot read',
    ability: 'random-writes',
    async run(store, at) {
      await put(store, at('file'), 'content')
      const reader = await store.open(at('file'), { read: true })
      await refused('denied', reader.write([bytes('x')], 0))
      await reader.close()
      const writer = await store.open(at('file'), { write: true })
      await refused('denied', writer.read(new Uint8Array(1), 0))
      await writer.close()
      assert.equal(await get(store, at('file')), 'content')
    },
  },
]
