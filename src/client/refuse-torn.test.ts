import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { fileText, putFile } from '../testing/store-files.ts'
import { copyFile } from './copy-file.ts'

const path = parsePath('/file')
const KiB = 1024

/** Copies a file that somebody else writes into as soon as the first of it has moved. */
async function copyWhile(others: { readonly write: string; readonly at: number }) {
  const clock = new FakeClock()
  const [from, to] = [memoryStore({ clock }), memoryStore({ clock })]
  await putFile(from, path, 'o'.repeat(300 * KiB))
  await putFile(to, path, 'before')
  const file = await from.open(path, { write: true, create: 'allow' })
  await clock.advance(5000)
  let began: Promise<void> | undefined
  const moved = (): void => void (began ??= file.write([Buffer.from(others.write)], others.at))
  const copied = copyFile({ store: from, path }, { store: to, path }, { moved }).catch(
    (thrown: unknown) => thrown,
  )
  return { copied: await copied, text: await fileText(to, path) }
}

test('a file that is written over while it is read is no copy, and what was there stays', async () => {
  const { copied, text } = await copyWhile({ write: 'n'.repeat(300 * KiB), at: 0 })
  assert.ok(copied instanceof IncompleteError)
  assert.match(copied.message, /^file was written to while it was read/u)
  assert.equal(copied.facts.anew, true)
  assert.equal(text, 'before')
})

test('a file that only grows while it is read is copied, as logs do', async () => {
  const { copied, text } = await copyWhile({ write: 'n', at: 300 * KiB })
  assert.ok(!(copied instanceof Error))
  assert.deepEqual(copied, {
    size: 300 * KiB + 1,
    completeness: 'size-only',
    grew: true,
    resumedAt: 0,
    way: 'through-here',
  })
  assert.equal(text.slice(0, 300 * KiB), 'o'.repeat(300 * KiB))
})
