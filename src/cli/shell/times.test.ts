import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDelay, readTimeOfDay } from './times.ts'

void test('delays have units, seconds if none is said', () => {
  assert.deepEqual(
    ['10', '1.5s', '2m', '1h', '1d', '', 'x', '-1', '10w'].map((text) => readDelay(text)),
    [10_000, 1500, 120_000, 3_600_000, 86_400_000, undefined, undefined, undefined, undefined],
  )
})

void test('a time of day is today, or tomorrow when it is past', () => {
  const now = new Date(2026, 4, 5, 23, 0, 0)
  assert.equal(readTimeOfDay('23:30', now), 1_800_000)
  assert.equal(readTimeOfDay('23:00:10', now), 10_000)
  assert.equal(readTimeOfDay('22:59', now), 86_340_000)
  for (const wrong of ['24:00', '12:60', '12', '', 'noon']) assert.equal(readTimeOfDay(wrong, now), undefined)
})
