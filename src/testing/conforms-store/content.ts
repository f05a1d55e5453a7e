import assert from 'node:assert/strict'
import type { OpenFile } from '../../core/store.ts'
import { transfer } from '../../core/transfer.ts'
import { get, getBytes, namesIn, put, refused, type StoreCase } from './case.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function textAt(file: OpenFile, length: number, at: number): Promise<string> {
  const into = new Uint8Array(length)
  return new TextDecoder().decode(into.subarray(0, await file.read(into, at)))
}

/** Bytes that are different at every place, so that a block in the wrong one shows. */
function pattern(length: number): Uint8Array {
  const content = new Uint8Array(length)
  for (let at = 0; at < length; at += 1) content[at] = (at * 31 + (at >> 8) * 7 + (at >> 16)) & 255
  return content
}

export const contentCases: readonly StoreCase[] = [
  {
    name: 'what was written can be read, of any size',
    async run(store, at) {
      for (const size of [0, 1, 65_535, 65_536, 65_537, 1_500_000]) {
        const content = pattern(size)
        await put(store, at('file'), content)
        assert.equal((await store.stat(at('file'))).size, size)
        assert.ok(Buffer.from(await getBytes(store, at('file'))).equals(content), `${size} bytes`)
      }
    },
  },
  {
    name: 'a read starts anywhere, fills the buffer as far as the file goes, and gives 0 at the end and past it',
    async run(store, at) {
      await put(store, at('file'), '0123456789')
      const file = await store.open(at('file'), { read: true })
      await transfer(file, async () => {
        assert.equal(await textAt(file, 4, 3), '3456')
        assert.equal(await textAt(file, 100, 6), '6789')
        assert.equal(await textAt(file, 4, 0), '0123')
        assert.equal(await textAt(file, 1, 10), '')
        assert.equal(await textAt(file, 10, 1_000_000), '')
        assert.equal(await file.read(new Uint8Array(0), 0), 0)
      })
    },
  },
  {
    name: 'a write takes its pieces in order, empty ones and many too',
    async run(store, at) {
      const pieces = Array.from({ length: 3000 }, (_, index) => bytes(index % 3 === 0 ? '' : `${index},`))
      const file = await store.open(at('file'), { write: true, create: 'allow' })
      await transfer(file, async () => {
        await file.write([], 0)
        await file.write(pieces, 0)
      })
      assert.equal(
        await get(store, at('file')),
        pieces.map((piece) => new TextDecoder().decode(piece)).join(''),
      )
    },
  },
  {
    name: 'the pieces may be used again when a write is done',
    async run(store, at) {
      const piece = bytes('first')
      const file = await store.open(at('file'), { write: true, create: 'allow' })
      await transfer(file, async () => {
        await file.write([piece], 0)
        piece.set(bytes('again'))
        await file.write([piece], 5)
        piece.fill(0)
      })
      assert.equal(await get(store, at('file')), 'firstagain')
    },
  },
  {
    name: 'reads and writes overlap',
    ability: 'reads-while-writing',
    async run(store, at) {
      const content = pattern(64 * 4096)
      const block = (index: number) => content.subarray(index * 4096, (index + 1) * 4096)
      const file = await store.open(at('file'), { read: true, write: true, create: 'allow' })
      await transfer(file, async () => {
        await Promise.all(Array.from({ length: 64 }, (_, index) => file.write([block(index)], index * 4096)))
        const blocks = Array.from({ length: 64 }, () => new Uint8Array(4096))
        const counts = blocks.map((into, index) => file.read(into, index * 4096))
        assert.ok((await Promise.all(counts)).every((count) => count === 4096))
        assert.ok(Buffer.concat(blocks).equals(content))
      })
      assert.ok(Buffer.from(await getBytes(store, at('file'))).equals(content))
    },
  },
  {
    name: 'writes come in any order, and a write past the end leaves a hole of zeros',
    ability: 'random-writes',
    async run(store, at) {
      const file = await store.open(at('file'), { write: true, create: 'allow' })
      await transfer(file, async () => {
        await file.write([bytes('end')], 100_000)
        await file.write([bytes('begin')], 0)
        assert.equal((await file.stat()).size, 100_003)
      })
      const content = Buffer.from(await getBytes(store, at('file')))
      assert.equal(content.toString('latin1', 0, 5), 'begin')
      assert.ok(content.subarray(5, 100_000).every((byte) => byte === 0))
      assert.equal(content.toString('latin1', 100_000), 'end')
    },
  },
  {
    name: 'close waits for what is under way',
    async run(store, at) {
      const content = pattern(300_000)
      const pieces = Array.from({ length: 3000 }, (_, index) =>
        content.subarray(index * 100, (index + 1) * 100),
      )
      const file = await store.open(at('file'), { write: true, create: 'allow' })
      const writing = file.write(pieces, 0)
      await file.close()
      await writing
      assert.ok(Buffer.from(await getBytes(store, at('file'))).equals(content))
    },
  },
  {
    name: 'a file that was ended takes no more work',
    ability: 'reads-while-writing',
    async run(store, at) {
      await put(store, at('file'), 'content')
      const closed = await store.open(at('file'), { read: true, write: true })
      await closed.close()
      await refused('invalid', closed.read(new Uint8Array(1), 0))
      await refused('invalid', closed.write([bytes('x')], 0))
      await refused('invalid', closed.stat())
      const aborted = await store.open(at('file'), { read: true })
      await aborted.abort(new Error('the connection was lost'))
      await refused('invalid', aborted.read(new Uint8Array(1), 0))
      assert.equal(await get(store, at('file')), 'content')
    },
  },
  {
    name: 'an upload that was given up does not stand in the way of the next',
    async run(store, at) {
      const file = await store.open(at('file'), { write: true, create: 'allow', truncate: true })
      const writing = file.write([pattern(200_000)], 0)
      await file.abort(new Error('the connection was lost'))
      await writing.catch(() => undefined)
      await put(store, at('file'), 'whole')
      assert.equal(await get(store, at('file')), 'whole')
    },
  },
  {
    name: 'a place that is none is invalid',
    ability: 'reads-while-writing',
    async run(store, at) {
      const file = await store.open(at('file'), { read: true, write: true, create: 'allow' })
      await transfer(file, async () => {
        for (const place of [-1, 0.5, Number.NaN, 2 ** 53]) {
          await refused('invalid', file.read(new Uint8Array(1), place))
          await refused('invalid', file.write([bytes('x')], place))
        }
      })
      assert.equal((await store.stat(at('file'))).size, 0)
    },
  },
  {
    name: 'where what was written can be made safe, that is done and changes nothing',
    async run(store, at) {
      const file = await store.open(at('file'), { write: true, create: 'allow' })
      await transfer(file, async () => {
        await file.write([bytes('content')], 0)
        await file.sync?.()
      })
      assert.equal(await get(store, at('file')), 'content')
    },
  },
  {
    name: 'where a small file can be put at once, it is whole, new or over another, and nothing is left beside it',
    async run(store, at) {
      if (store.putWhole === undefined) return
      const change = { modified: new Date(1_234_567_890_000), mode: 0o640 }
      await store.putWhole(at('file'), 'passing', bytes('first'), {})
      await store.putWhole(at('file'), 'passing', pattern(60_000), change)
      await store.putWhole(at('empty'), 'passing', bytes(''), {})
      assert.deepEqual(await getBytes(store, at('file')), pattern(60_000))
      assert.equal(await get(store, at('empty')), '')
      const { modified, mode } = await store.stat(at('file'))
      if (store.features.has('times')) assert.deepEqual(modified, change.modified)
      if (store.features.has('modes')) assert.equal(mode, change.mode)
      assert.deepEqual(await namesIn(store, at('')), ['empty', 'file'])
    },
  },
  {
    name: 'a small file that cannot be put leaves everything as it was',
    async run(store, at) {
      if (store.putWhole === undefined) return
      await put(store, at('passing'), 'of somebody else')
      await refused('exists', store.putWhole(at('file'), 'passing', bytes('content'), {}))
      await store.mkdir(at('directory'))
      await refused('is-directory', store.putWhole(at('directory'), 'other', bytes('content'), {}))
      await refused('not-found', store.putWhole(at('nowhere/file'), 'other', bytes('content'), {}))
      assert.deepEqual(await namesIn(store, at('')), ['directory', 'passing'])
      assert.equal(await get(store, at('passing')), 'of somebody else')
    },
  },
]
