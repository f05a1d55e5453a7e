import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'
import { memoryStore } from '../../stores/memory.ts'
import { putFile } from '../../testing/store-files.ts'
import { changeMode } from './change-mode.ts'
import { readMode } from './read-mode.ts'

const path = parsePath('/file')

async function storeWith(mode: number): Promise<Store> {
  const store = memoryStore()
  await putFile(store, path, 'x')
  await store.change(path, { mode })
  return store
}

/** The same store, which tells no modes: to who asks for one file, or to anybody. */
function silent(store: Store, to: 'who-follows' | 'all'): Store {
  return Object.assign(Object.create(store) as Store, {
    change: (at: typeof path, what: { mode: number }) => store.change(at, what),
    async stat(at: typeof path, follow = true) {
      const { mode, ...entry } = await store.stat(at)
      return follow || to === 'all' ? entry : { ...entry, mode }
    },
  })
}

void test('letters change the mode that is there, which some servers tell in listings alone', async () => {
  const store = await storeWith(0o640)
  await changeMode({ store, path }, readMode('+x'), false)
  assert.equal((await store.stat(path)).mode, 0o751)
  await changeMode({ store: silent(store, 'who-follows'), path }, readMode('o='), false)
  assert.equal((await store.stat(path)).mode, 0o750)
})

void test('where nobody tells the mode nothing is guessed, and digits do', async () => {
  const store = await storeWith(0o640)
  const mute = silent(store, 'all')
  await assert.rejects(changeMode({ store: mute, path }, readMode('+x'), false), FileError)
  await changeMode({ store: mute, path }, readMode('600'), false)
  assert.equal((await store.stat(path)).mode, 0o600)
})
