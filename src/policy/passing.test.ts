import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import type { OpenFile } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { PassingFile } from './passing.ts'

test('what was written can be put where no crash takes it through any rule, where the store can do that', async () => {
  const file = await memoryStore().open(parsePath('/file'), { write: true, create: 'require' })
  let synced = 0
  const inner = new Proxy(file, {
    get: (target, name) =>
      name === 'sync' ? async () => void (synced += 1) : Reflect.get(target, name, target),
  })
  await new PassingFile(inner).sync()
  assert.equal(synced, 1)
  const unable: OpenFile = new Proxy(file, {
    get: (target, name) => (name === 'sync' ? undefined : Reflect.get(target, name, target)),
  })
  await assert.rejects(
    async () => new PassingFile(unable).sync(),
    (thrown: unknown) => thrown instanceof FileError && thrown.fault === 'unsupported',
  )
})
