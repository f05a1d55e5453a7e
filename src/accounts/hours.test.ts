import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithinHours, parseHours } from './hours.ts'

/** 2026-11-23 is a Monday. */
function at(day: number, hour: number, minute = 0): number {
  return new Date(2026, 10, 22 + day, hour, minute).getTime()
}

test('working hours hold from the first minute to before the last', () => {
  const hours = parseHours('Mon-Fri 08:00-18:00') ?? []
  assert.equal(isWithinHours(at(1, 8), hours), true)
  assert.equal(isWithinHours(at(5, 17, 59), hours), true)
  assert.equal(isWithinHours(at(5, 18), hours), false)
  assert.equal(isWithinHours(at(1, 7, 59), hours), false)
  assert.equal(isWithinHours(at(6, 12), hours), false)
})

test('hours may go over midnight, also from Sunday to Monday, and from Friday round to Monday', () => {
  const night = parseHours('sun 22:00-02:00') ?? []
  assert.equal(isWithinHours(at(7, 23), night), true)
  assert.equal(isWithinHours(at(8, 1), night), true)
  assert.equal(isWithinHours(at(8, 2), night), false)
  const weekend = parseHours('Fri-Mon 00:00-24:00') ?? []
  for (const day of [5, 6, 7, 8]) assert.equal(isWithinHours(at(day, 12), weekend), true)
  assert.equal(isWithinHours(at(2, 12), weekend), false)
})

test('without days it is each day, and what is no hours is refused', () => {
  assert.equal(parseHours('08:00-18:00')?.length, 7)
  for (const text of ['', 'Mon', 'Mon 8-18', '25:00-26:00', '08:60-09:00', '08:00-24:01', 'Foo 08:00-09:00'])
    assert.equal(parseHours(text), undefined, text)
})
