import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ReadRing } from './read-ring.ts'
import { fitRing, giveRing, takeRing } from './rings.ts'

/** As many as there are, which all come back in the end. */
function takeAll(context: TestContext): readonly ReadRing[] {
  const rings = Array.from({ length: 20 }, () => takeRing()).filter((ring) => ring !== undefined)
  context.after(() => {
    for (const ring of rings) {
      ring.takeBack()
      giveRing(ring)
    }
  })
  return rings
}

test('rings begin at a page, where the system copies to quickly, and are lent again', (context) => {
  const ring = takeRing()
  assert.ok(ring !== undefined)
  const { bytes } = ring
  assert.equal(bytes.byteOffset % 4096, 0)
  // What malloc gives begins 16 bytes behind a page, which no offset tells.
  assert.ok(bytes.buffer.resizable)
  giveRing(ring)
  const [again, other] = takeAll(context)
  assert.equal(again?.bytes, bytes)
  assert.notEqual(other?.bytes, bytes)
})

test('a ring gives its memory up in a lull, with what waits in it, and gets it again', () => {
  const ring = takeRing()
  assert.ok(ring !== undefined)
  const large = ring.bytes
  for (let times = 0; times < 63; times += 1) bring(ring, 100)
  assert.equal(ring.bytes, large)
  ring.place().set([1, 2, 3])
  ring.filled(3)
  fitRing(ring)
  assert.ok(ring.bytes.length < large.length)
  assert.deepEqual(ring.lend(), [Uint8Array.of(1, 2, 3)])
  ring.takeBack()
  const other = takeRing()
  assert.equal(other?.bytes, large)
  const small = ring.bytes
  for (let times = 0; times < 16; times += 1) bring(ring, ring.place().length)
  assert.equal(ring.bytes.length, large.length)
  assert.notEqual(ring.bytes, large)
  assert.notEqual(ring.bytes, small)
  giveRing(ring)
  if (other !== undefined) giveRing(other)
})

test('what is lent stays where it is, however little comes', () => {
  const ring = takeRing()
  assert.ok(ring !== undefined)
  const { bytes } = ring
  bring(ring, 5)
  ring.filled(1)
  ring.lend()
  for (let times = 0; times < 100; times += 1) {
    ring.filled(1)
    fitRing(ring)
  }
  assert.equal(ring.bytes, bytes)
  ring.takeBack()
  giveRing(ring)
})

test('so many are lent at once, and one that somebody still uses is not lent to another', (context) => {
  const [used, free, ...rest] = takeAll(context)
  assert.ok(rest.length <= 14)
  assert.equal(takeRing(), undefined)
  assert.ok(used !== undefined && free !== undefined)
  used.filled(1)
  used.lend()
  giveRing(used)
  assert.equal(takeRing(), undefined)
  giveRing(free)
  const again = takeRing()
  assert.equal(again?.bytes, free.bytes)
  if (again !== undefined) giveRing(again)
})

test('four wait for each that is out, and four more: the others are given back to the system', (context) => {
  const rings = takeAll(context)
  assert.equal(rings.length, 16)
  const waiting = (): number => rings.filter(({ bytes }) => bytes.length > 0).length
  for (const ring of rings.slice(2)) giveRing(ring)
  assert.equal(waiting(), 2 + 4 * 2 + 4)
  for (const ring of rings.slice(0, 2)) giveRing(ring)
  assert.equal(waiting(), 4)
})

/** A read, and somebody who takes at once what it has brought. */
function bring(ring: ReadRing, count: number): void {
  ring.filled(count)
  fitRing(ring)
  ring.lend()
  ring.takeBack()
}
