import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageAligned } from './page-aligned.ts'

test('has the size that was asked for, and is zeros', () => {
  for (const size of [100_001, 1024 * 1024, 5 * 1024 * 1024]) {
    const bytes = pageAligned(size)
    assert.equal(bytes.length, size)
    assert.ok(bytes.every((byte) => byte === 0))
    // What malloc gives begins 16 bytes behind a page, which nothing tells.
    assert.ok(bytes.buffer.resizable)
  }
})

test('no two share a byte', () => {
  const blocks = Array.from({ length: 20 }, () => pageAligned(1024 * 1024 - 1))
  for (const [at, block] of blocks.entries()) block.fill(at)
  for (const [at, block] of blocks.entries()) assert.ok(block.every((byte) => byte === at))
})
