import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { giveBack, pageAligned } from './page-aligned.ts'

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

const skip = existsSync('/proc/self/statm') ? false : 'only Linux tells how much memory there is'

test('what is given back is gone at once, and nobody can use it', { skip }, () => {
  const mebibytes = 64
  const bytes = pageAligned(mebibytes * 1024 * 1024).fill(1)
  const before = residentPages()
  giveBack(bytes)
  assert.equal(bytes.length, 0)
  assert.ok(before - residentPages() > mebibytes * 200, 'of 256 pages for each')
})

function residentPages(): number {
  return Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1])
}
