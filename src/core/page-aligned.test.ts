import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageAligned } from './page-aligned.ts'

const page = 64 * 1024

test('has the size that was asked for, at a page of WebAssembly, and is zeros', () => {
  for (const size of [100_001, 1024 * 1024, 5 * 1024 * 1024]) {
    const bytes = pageAligned(size)
    assert.equal(bytes.length, size)
    assert.equal(bytes.byteOffset % page, 0)
    assert.equal(bytes.buffer.byteLength % page, 0)
    assert.ok(bytes.every((byte) => byte === 0))
    bytes.fill(1)
  }
})

test('no two share a byte', () => {
  const blocks = Array.from({ length: 20 }, () => pageAligned(1024 * 1024 - 1))
  for (const [at, block] of blocks.entries()) block.fill(at)
  for (const [at, block] of blocks.entries()) assert.ok(block.every((byte) => byte === at))
  assert.ok(new Set(blocks.map(({ buffer }) => buffer)).size < 5, 'several are cut from one memory')
})

test('is other memory where WebAssembly gives none', (t) => {
  const memory = t.mock.fn(function none() {
    throw new RangeError('could not allocate memory')
  })
  t.mock.property(globalThis as { WebAssembly?: object }, 'WebAssembly', { Memory: memory })
  const bytes = pageAligned(8 * 1024 * 1024)
  assert.equal(memory.mock.callCount(), 1)
  assert.equal(bytes.length, 8 * 1024 * 1024)
})
