import assert from 'node:assert/strict'
import { FileError } from '../../core/error.ts'
import type { Feature } from '../../core/store.ts'
import { deedOf, get, put, refused, type StoreCase } from './case.ts'

const features = Object.keys(deedOf) as Feature[]

export const attributeCases: readonly StoreCase[] = [
  ...features.map((feature): StoreCase => ({
    name: `'${feature}' works where it is promised, and is not refused but as unsupported where it is not`,
    async run(store, at) {
      await put(store, at('file'), 'content')
      const deed = deedOf[feature](store, at('file'), at('fresh'))
      if (store.features.has(feature)) await deed
      else await unlessUnsupported(deed)
      assert.equal(await get(store, at('file')), 'content')
    },
  })),
  {
    name: 'a size can be set: smaller cuts, larger adds zeros',
    ability: 'random-writes',
    async run(store, at) {
      await put(store, at('file'), '0123456789')
      await store.change(at('file'), { size: 4 })
      assert.equal(await get(store, at('file')), '0123')
      await store.change(at('file'), { size: 8 })
      assert.equal(await get(store, at('file')), '0123\0\0\0\0')
      await refused('invalid', store.change(at('file'), { size: -1 }))
      await refused('invalid', store.change(at('file'), { size: 0.5 }))
      await refused('is-directory', store.change(at(''), { size: 0 }))
    },
  },
  {
    name: 'a time can be set, of files and directories',
    features: ['times'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      for (const time of [1_234_567_890_000, 946_684_799_000, 4_102_444_800_000, 1000]) {
        for (const place of ['file', 'directory']) {
          await store.change(at(place), { modified: new Date(time) })
          assert.equal((await store.stat(at(place))).modified.getTime(), time)
        }
      }
      await refused('invalid', store.change(at('file'), { modified: new Date(Number.NaN) }))
    },
  },
  {
    name: 'what is written has another time than before, or nobody would see that it changed',
    features: ['times'],
    async run(store, at) {
      const before = new Date(1_234_567_890_000)
      await put(store, at('file'), 'content')
      await store.change(at('file'), { modified: before })
      await put(store, at('file'), 'changed')
      assert.ok((await store.stat(at('file'))).modified > before)
    },
  },
  {
    name: 'a time is kept to the millisecond',
    features: ['times'],
    ability: 'milliseconds',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      for (const time of [1_234_567_890_123, 946_684_799_999, 4_102_444_800_001, 1]) {
        for (const place of ['file', 'directory']) {
          await store.change(at(place), { modified: new Date(time) })
          assert.equal((await store.stat(at(place))).modified.getTime(), time)
        }
      }
    },
  },
  {
    name: 'a mode can be set, of files and directories',
    features: ['modes'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      for (const mode of [0o600, 0o755, 0o444]) {
        await store.change(at('file'), { mode })
        assert.equal((await store.stat(at('file'))).mode, mode)
      }
      await store.change(at('directory'), { mode: 0o700 })
      assert.equal((await store.stat(at('directory'))).mode, 0o700)
      await refused('invalid', store.change(at('file'), { mode: 0o10000 }))
      await refused('invalid', store.change(at('file'), { mode: -1 }))
    },
  },
  {
    name: 'several things can be changed at once, and the time that was asked for stays',
    ability: 'random-writes',
    features: ['times', 'modes'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      const modified = new Date(1_000_000_000_000)
      await store.change(at('file'), { size: 3, mode: 0o640, modified })
      const entry = await store.stat(at('file'))
      assert.equal(entry.size, 3)
      assert.equal(entry.mode, 0o640)
      assert.deepEqual(entry.modified, modified)
    },
  },
  {
    name: 'a creation time can be set',
    features: ['creation-times'],
    async run(store, at) {
      const created = new Date(1_234_567_890_000)
      await put(store, at('file'), 'content')
      await store.change(at('file'), { created })
      assert.deepEqual((await store.stat(at('file'))).created, created)
    },
  },
  {
    name: 'changing what is not there is refused',
    async run(store, at) {
      await refused('not-found', store.change(at('missing'), { size: 0 }))
      await refused('not-found', store.change(at('missing/file'), { size: 0 }))
    },
  },
  {
    name: 'space tells how much there is and how much of it is free',
    features: ['space'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      for (const place of ['', 'file']) {
        const { total, free } = await store.space(at(place))
        assert.ok(total > 0)
        assert.ok(free >= 0 && free <= total)
      }
      await refused('not-found', store.space(at('missing')))
    },
  },
]

/** A tree of several stores promises what all of them can, and one of them may well do more. */
async function unlessUnsupported(deed: Promise<unknown>): Promise<void> {
  try {
    await deed
  } catch (thrown) {
    if (!(thrown instanceof FileError) || thrown.fault !== 'unsupported') throw thrown
  }
}
