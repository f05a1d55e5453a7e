import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordEnds } from './record-ends.ts'

test('it knows where records end, however they are cut', () => {
  const bytes = Buffer.from([...record(3), ...record(0), ...record(300), ...record(1)])
  const ends = new Set([0, 8, 13, 318, 324])
  for (const size of [1, 2, 7, 1000]) {
    const records = new RecordEnds()
    for (let at = 0; at < bytes.length; at += size) {
      assert.equal(records.whole, ends.has(at))
      records.pass(bytes.subarray(at, at + size))
    }
    assert.ok(records.whole)
  }
})

function record(size: number): number[] {
  return [23, 3, 3, size >> 8, size & 255, ...Array.from({ length: size }, () => 9)]
}
