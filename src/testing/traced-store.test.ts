import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import { memoryStore } from '../stores/memory.ts'
import { put } from './conforms-store/case.ts'
import { tracedStore } from './traced-store.ts'

const root = parsePath('/')

test('a list is told with its entries, and a call that has no answer yet as such', async () => {
  const inner = memoryStore()
  await put(inner, parsePath('/file'), 'content')
  const { store, lastCalls } = tracedStore(
    Object.assign(inner, { space: () => new Promise<never>(() => {}) }),
  )
  for await (const batch of store.list(root)) assert.equal(batch.length, 1)
  void store.space(root)
  assert.match(lastCalls(), /^ {2}list\('\/'\) gave 1 entries$/mu)
  assert.match(lastCalls(), /^ {2}space\('\/'\) has not answered$/mu)
})

test('the last twenty calls are told, the oldest first', async () => {
  const { store, lastCalls } = tracedStore(memoryStore())
  for (let count = 0; count < 25; count += 1) await store.mkdir(parsePath(`/${count}`))
  const [, ...lines] = lastCalls().split('\n')
  assert.equal(lines.length, 20)
  assert.match(lines[0] ?? '', /mkdir\('\/5'\)/u)
  assert.match(lines[19] ?? '', /mkdir\('\/24'\)/u)
})
