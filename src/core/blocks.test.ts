import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from './blocks.ts'

test('large blocks begin at a page, where cached files are copied to quickly, and are lent again', () => {
  const pool = blockPool()
  const block = pool.take(Infinity)
  assert.equal(block.bytes.length, 1024 * 1024)
  assert.equal(block.bytes.byteOffset % 4096, 0)
  // What malloc gives begins 16 bytes behind a page, which no offset tells.
  assert.ok(block.bytes.buffer instanceof ArrayBuffer && block.bytes.buffer.resizable)
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

test('a quarter of the budget is for large blocks; those who come behind share the rest in medium ones', () => {
  const pool = blockPool(1024 * 1024, 8 * 1024 * 1024)
  const sizes = Array.from({ length: 28 }, () => pool.take(Infinity).bytes.length / 1024)
  assert.deepEqual(sizes, [1024, 1024, ...Array.from({ length: 24 }, () => 256), 64, 64])
})

test('who wants no more than a medium block gets none that is larger', () => {
  const pool = blockPool()
  assert.equal(pool.take(256 * 1024).bytes.length, 256 * 1024)
  assert.equal(pool.take(256 * 1024 + 1).bytes.length, 1024 * 1024)
})

test('four blocks wait for each that is out, and eight: the others are given back to the system', () => {
  const pool = blockPool(100_000, 10_000_000)
  const blocks = Array.from({ length: 100 }, () => pool.take(Infinity))
  const waiting = (): number => blocks.filter(({ bytes }) => bytes.length > 0).length
  for (const block of blocks.slice(30)) block.release()
  assert.equal(waiting(), 100)
  for (const block of blocks.slice(10, 30)) block.release()
  assert.equal(waiting(), 10 + 4 * 10 + 8)
  for (const block of blocks) block.release()
  assert.equal(waiting(), 8)
  for (let more = 0; more < 20; more += 1) assert.equal(pool.take(Infinity).bytes.length, 100_000)
})
