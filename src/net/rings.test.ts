import assert from 'node:assert/strict'
import { test } from 'node:test'
import { giveRing, takeRing } from './rings.ts'

test('rings begin at a page, where the system copies to quickly, and are lent again', () => {
  const ring = takeRing()
  assert.ok(ring !== undefined)
  const { bytes } = ring
  assert.equal(bytes.byteOffset % 4096, 0)
  // Memory of WebAssembly: what malloc gives begins 16 bytes behind a page, which no offset tells.
  assert.ok(bytes.buffer.byteLength > bytes.length)
  giveRing(ring)
  const again = takeRing()
  assert.equal(again?.bytes, bytes)
  assert.notEqual(takeRing()?.bytes, bytes)
})

test('so many are lent at once, and one that somebody still uses is not lent to another', () => {
  const rings = Array.from({ length: 20 }, () => takeRing()).filter((ring) => ring !== undefined)
  assert.ok(rings.length <= 16)
  assert.equal(takeRing(), undefined)
  const [used, free] = rings
  assert.ok(used !== undefined && free !== undefined)
  used.filled(1)
  used.lend()
  giveRing(used)
  assert.equal(takeRing(), undefined)
  giveRing(free)
  assert.equal(takeRing()?.bytes, free.bytes)
})
