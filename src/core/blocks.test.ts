import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from './blocks.ts'

test('large blocks begin at a page, where cached files are copied to quickly, and are lent again', () => {
  const pool = blockPool()
  const block = pool.take(Infinity)
  assert.equal(block.bytes.length, 1024 * 1024)
  assert.equal(block.bytes.byteOffset % 4096, 0)
  // Memory of WebAssembly: what malloc gives begins 16 bytes behind a page, which no offset tells.
  assert.ok(block.bytes.buffer.byteLength > block.bytes.length)
  block.release()
  block.release()
  assert.equal(pool.take(Infinity).bytes, block.bytes)
  assert.notEqual(pool.take(Infinity).bytes, block.bytes)
})

test('beyond the budget, and for small files, blocks are small', () => {
  const pool = blockPool(1024 * 1024, 1024 * 1024)
  const large = pool.take(Infinity)
  assert.equal(pool.take(Infinity).bytes.length, 64 * 1024)
  large.release()
  assert.equal(pool.take(1000).bytes.length, 64 * 1024)
  assert.equal(pool.take(Infinity).bytes.length, 1024 * 1024)
})
