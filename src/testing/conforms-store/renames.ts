import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { FileError } from '../../core/error.ts'
import { exists, get, namesIn, put, refused, type StoreCase } from './case.ts'

export const renameCases: readonly StoreCase[] = [
  {
    name: 'a file moves, within a directory and to another, with its content',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      await store.rename(at('file'), at('other'), false)
      assert.equal(await exists(store, at('file')), false)
      await store.rename(at('other'), at('directory/file'), true)
      assert.deepEqual(await namesIn(store, at('')), ['directory'])
      assert.equal(await get(store, at('directory/file')), 'content')
    },
  },
  {
    name: 'what moves keeps its time',
    features: ['times'],
    async run(store, at) {
      const modified = new Date(1_234_567_890_000)
      await put(store, at('file'), 'content')
      await store.change(at('file'), { modified })
      await store.rename(at('file'), at('moved'), false)
      assert.deepEqual((await store.stat(at('moved'))).modified, modified)
      await put(store, at('other'), 'older content')
      await store.rename(at('moved'), at('other'), true)
      assert.deepEqual((await store.stat(at('other'))).modified, modified)
    },
  },
  {
    name: 'what moves keeps its mode',
    features: ['modes'],
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.change(at('file'), { mode: 0o600 })
      await store.rename(at('file'), at('moved'), false)
      assert.equal((await store.stat(at('moved'))).mode, 0o600)
      await put(store, at('other'), 'older content')
      await store.rename(at('moved'), at('other'), true)
      assert.equal((await store.stat(at('other'))).mode, 0o600)
    },
  },
  {
    name: 'a move to the name that it has loses nothing',
    async run(store, at) {
      await put(store, at('file'), 'content')
      await store.mkdir(at('directory'))
      // Done or refused: stores differ, as the servers behind them do.
      for (const place of ['file', 'directory'])
        await store.rename(at(place), at(place), true).catch((thrown: unknown) => {
          if (!(thrown instanceof FileError)) throw thrown
        })
      assert.deepEqual(await namesIn(store, at('')), ['directory', 'file'])
      assert.equal(await get(store, at('file')), 'content')
    },
  },
  {
    name: 'a directory moves with all that is in it',
    async run(store, at) {
      await store.mkdir(at('old'))
      await store.mkdir(at('old/inner'))
      await put(store, at('old/inner/file'), 'content')
      await store.rename(at('old'), at('new'), false)
      assert.equal(await exists(store, at('old')), false)
      assert.equal(await get(store, at('new/inner/file')), 'content')
    },
  },
  {
    name: 'without replace a target that is there is kept',
    async run(store, at) {
      await put(store, at('one'), 'one')
      await put(store, at('two'), 'two')
      await store.mkdir(at('empty'))
      await store.mkdir(at('directory'))
      await refused('exists', store.rename(at('one'), at('two'), false))
      await refused('exists', store.rename(at('one'), at('empty'), false))
      await refused('exists', store.rename(at('directory'), at('empty'), false))
      await refused('exists', store.rename(at('directory'), at('one'), false))
      await refused('exists', store.rename(at('one'), at('one'), false))
      assert.equal(await get(store, at('one')), 'one')
      assert.equal(await get(store, at('two')), 'two')
      assert.deepEqual(await namesIn(store, at('')), ['directory', 'empty', 'one', 'two'])
    },
  },
  {
    name: 'with replace a file takes the place of another',
    async run(store, at) {
      await put(store, at('one'), 'one')
      await put(store, at('two'), 'two, and longer')
      await store.rename(at('one'), at('two'), true)
      assert.deepEqual(await namesIn(store, at('')), ['two'])
      assert.equal(await get(store, at('two')), 'one')
    },
  },
  {
    name: 'with replace there is always a file, the old one or the new one',
    ability: 'atomic-replace',
    async run(store, at) {
      await put(store, at('two'), 'old')
      for (let round = 0; round < 10; round += 1) {
        await put(store, at('one'), 'newer')
        const moving = { on: true }
        const move = () => store.rename(at('one'), at('two'), true).finally(() => (moving.on = false))
        const watch = async () => {
          while (moving.on) {
            assert.ok(await exists(store, at('two')), 'for a moment neither was there')
            // A store that answers at once would let nothing else happen.
            await setImmediate()
          }
        }
        await Promise.all([move(), watch()])
      }
      assert.equal(await get(store, at('two')), 'newer')
    },
  },
  {
    name: 'with replace a directory takes the place of an empty one only',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('directory/file'), 'content')
      await store.mkdir(at('empty'))
      await store.mkdir(at('full'))
      await put(store, at('full/file'), 'content')
      await put(store, at('file'), 'content')
      await refused('not-empty', store.rename(at('directory'), at('full'), true))
      await refused('not-directory', store.rename(at('directory'), at('file'), true))
      await refused('is-directory', store.rename(at('file'), at('empty'), true))
      await store.rename(at('directory'), at('empty'), true)
      assert.deepEqual(await namesIn(store, at('')), ['empty', 'file', 'full'])
      assert.deepEqual(await namesIn(store, at('empty')), ['file'])
    },
  },
  {
    name: 'a missing source, a missing or impossible parent, and a move into itself are refused',
    async run(store, at) {
      await store.mkdir(at('directory'))
      await put(store, at('file'), 'content')
      for (const replace of [false, true]) {
        await refused('not-found', store.rename(at('missing'), at('new'), replace))
        await refused('not-found', store.rename(at('file'), at('missing/file'), replace))
        await refused('not-directory', store.rename(at('directory'), at('file/below'), replace))
        await refused('invalid', store.rename(at('directory'), at('directory/below'), replace))
      }
      assert.deepEqual(await namesIn(store, at('')), ['directory', 'file'])
    },
  },
]
