import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Written } from './written.ts'

void test('writes one behind the other make it whole', () => {
  const written = new Written(10)
  assert.equal(written.whole, 10)
  written.add(10, 15)
  written.add(15, 20)
  assert.equal(written.whole, 20)
})

void test('behind a hole nothing counts until it is filled', () => {
  const written = new Written(0)
  written.add(20, 30)
  written.add(10, 20)
  assert.equal(written.whole, 0)
  written.add(0, 10)
  assert.equal(written.whole, 30)
})

void test('what is written again changes nothing', () => {
  const written = new Written(0)
  written.add(0, 10)
  written.add(2, 5)
  assert.equal(written.whole, 10)
})

void test('a cut takes away, and growing adds nothing', () => {
  const written = new Written(0)
  written.add(0, 10)
  written.add(20, 30)
  written.cut(25)
  written.add(10, 20)
  assert.equal(written.whole, 25)
  written.cut(5)
  written.cut(50)
  assert.equal(written.whole, 5)
})

void test('in any order it knows the same as a map of all bytes', () => {
  const writes = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 8 })), { maxLength: 40 })
  fc.assert(
    fc.property(writes, (pairs) => {
      const written = new Written(0)
      const bytes = new Set<number>()
      for (const [from, length] of pairs) {
        written.add(from, from + length)
        for (let at = from; at < from + length; at += 1) bytes.add(at)
        let whole = 0
        while (bytes.has(whole)) whole += 1
        assert.equal(written.whole, whole)
      }
    }),
  )
})

void test('writes far ahead are not remembered without end, and are then counted as missing', () => {
  const written = new Written(0)
  for (let at = 2; at < 100_002; at += 2) written.add(at, at + 2)
  written.add(0, 2)
  assert.ok(written.whole > 2)
  assert.ok(written.whole < 2000)
})
