import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { ReadRing } from './read-ring.ts'

test('what comes goes out in order and whole, whatever the sizes and whoever is slow', () => {
  for (let turn = 0; turn < 200; turn += 1) {
    const ring = new ReadRing(new Uint8Array(64))
    let [sent, seen] = [0, 0]
    let lent: readonly Uint8Array[] = []
    let reads = true
    while (seen < 5000) {
      for (let more = randomInt(4); more > 0 && reads; more -= 1) {
        const place = ring.place()
        assert.ok(place.length > 0)
        const count = randomInt(1, place.length + 1)
        for (let at = 0; at < count; at += 1) place[at] = sent++ % 251
        ring.filled(count)
        reads = ring.hasRoom
      }
      if (randomInt(2) === 0) continue
      // Nothing of what was lent has changed since.
      for (const piece of lent) for (const byte of piece) assert.equal(byte, seen++ % 251)
      ring.takeBack()
      lent = ring.waiting > 0 ? ring.lend() : []
      reads = ring.hasRoom
    }
  }
})

test('who takes nothing is not overrun: there is no room before the memory is used up', () => {
  const ring = new ReadRing(new Uint8Array(64))
  let count = 0
  for (; ring.hasRoom; count += 1) ring.filled(ring.place().length)
  assert.ok(ring.place().length > 0)
  assert.ok(ring.waiting <= 64 - ring.place().length)
  assert.equal(count, 1)
  ring.lend()
  assert.equal(ring.isLent, true)
  assert.equal(ring.waiting, 0)
  assert.equal(ring.hasRoom, false)
  ring.takeBack()
  assert.equal(ring.hasRoom, true)
})

test('reads that fill all their room and reads that bring little are counted while they come in a row', () => {
  const ring = new ReadRing(new Uint8Array(32 * 1024))
  const bring = (count: number): number => {
    ring.filled(count)
    ring.lend()
    ring.takeBack()
    return ring.trend
  }
  assert.equal(bring(4096), -1)
  assert.equal(bring(1), -2)
  assert.equal(bring(4097), 0)
  assert.equal(bring(5), -1)
  assert.equal(bring(ring.place().length), 1)
  assert.equal(bring(ring.place().length), 2)
  assert.equal(bring(6), -1)
})

test('there is a place for as many bytes as are not held, and no more', () => {
  const ring = new ReadRing(new Uint8Array(64))
  assert.ok(ring.hasRoomFor(64))
  ring.filled(10)
  assert.ok(ring.hasRoomFor(54))
  assert.ok(!ring.hasRoomFor(55))
  ring.lend()
  ring.filled(4)
  assert.equal(ring.waiting, 4)
  assert.ok(!ring.hasRoomFor(51))
  ring.takeBack()
  assert.ok(ring.hasRoomFor(60))
  assert.ok(!ring.hasRoomFor(61))
})
