import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { PagePool } from './page-pool.ts'

test('what was given back is lent again, and some waits for each that is lent', () => {
  const pool = new PagePool(65_536, 1)
  const lent = Array.from({ length: 8 }, () => pool.take())
  assert.equal(pool.out, 8)
  const [first, second] = lent
  assert.ok(first !== undefined && second !== undefined)
  pool.give(first)
  assert.equal(pool.take(), first)
  for (const piece of lent.slice(1)) pool.give(piece)
  assert.equal(pool.out, 1)
  // One to spare and four for the one that is lent.
  assert.equal(lent.filter(({ length }) => length > 0).length, 6)
  pool.forget()
  assert.equal(pool.out, 0)
})

const skip = existsSync('/proc/self/statm') ? false : 'only Linux tells how much memory there is'

test('what is not wanted any more is gone at once, and nobody can use it', { skip }, () => {
  const mebibytes = 64
  const pool = new PagePool(mebibytes * 1024 * 1024, 0)
  const bytes = pool.take().fill(1)
  const before = residentPages()
  pool.give(bytes)
  assert.equal(bytes.length, 0)
  assert.ok(before - residentPages() > mebibytes * 200, 'of 256 pages for each')
})

function residentPages(): number {
  return Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1])
}
