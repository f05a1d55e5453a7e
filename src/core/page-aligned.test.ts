import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageAligned } from './page-aligned.ts'

test('has the size that was asked for, at a page of WebAssembly, and is zeros', () => {
  const bytes = pageAligned(100_001)
  assert.equal(bytes.length, 100_001)
  assert.equal(bytes.byteOffset, 0)
  assert.equal(bytes.buffer.byteLength, 2 * 64 * 1024, 'a whole number of pages')
  assert.ok(bytes.every((byte) => byte === 0))
})

test('is other memory where WebAssembly gives none', (t) => {
  const memory = t.mock.fn(function none() {
    throw new RangeError('could not allocate memory')
  })
  t.mock.property(globalThis as { WebAssembly?: object }, 'WebAssembly', { Memory: memory })
  const bytes = pageAligned(100_001)
  assert.equal(memory.mock.callCount(), 1)
  assert.equal(bytes.length, 100_001)
  assert.equal(bytes.buffer.byteLength, 100_001)
})
