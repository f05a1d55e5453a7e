import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from './store.ts'
import { HandedOn } from './handed-on.ts'

function entries(from: number, to: number): readonly Entry[] {
  return Array.from({ length: to - from }, (_, at) => ({
    name: `f${from + at}`,
    kind: 'file',
    size: 1,
    modified: new Date(0),
  }))
}

void test('what was handed on is left out of a listing that begins anew, however often', () => {
  const handedOn = new HandedOn()
  assert.equal(handedOn.next(entries(0, 3)).length, 3)
  handedOn.again()
  assert.deepEqual(
    handedOn.next(entries(0, 5)).map(({ name }) => name),
    ['f3', 'f4'],
  )
  handedOn.again()
  assert.equal(handedOn.next(entries(0, 5)).length, 0)
})

void test('of a very long listing it is not kept what was handed on', () => {
  const handedOn = new HandedOn()
  handedOn.next(entries(0, 100_000))
  assert.equal(handedOn.isKnown, true)
  handedOn.next(entries(100_000, 100_001))
  assert.equal(handedOn.isKnown, false)
})
