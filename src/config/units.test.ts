import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem, Shape } from './shape.ts'
import { bytes, duration, moment } from './units.ts'

/** What is read of each word; undefined where it is refused. */
function read(shape: Shape<number>, ...words: readonly (string | number)[]): readonly (number | undefined)[] {
  return words.map((said) => {
    const problems: Problem[] = []
    const value = shape.read(said, [], problems)
    assert.equal(problems.length, value === undefined ? 1 : 0)
    return value
  })
}

test('sizes are read in thousands, and with an i in 1024s', () => {
  assert.deepEqual(
    read(bytes(''), 5, '5', '5B', '1.5 kB', '10 MB', '2 GiB', '1k', '3 KiB'),
    [5, 5, 5, 1500, 10_000_000, 2_147_483_648, 1000, 3072],
  )
  assert.deepEqual(read(bytes(''), '3XB', 'MB', '', '99999 PB', '-1'), Array(5).fill(undefined))
})

test('times are read with their units, and in seconds without', () => {
  assert.deepEqual(
    read(duration(''), '250ms', '5', '5 s', '5min', '5m', '2h', '7d', '1 day', '2days'),
    [250, 5000, 5000, 300_000, 300_000, 7_200_000, 604_800_000, 86_400_000, 172_800_000],
  )
  assert.deepEqual(read(duration('', { least: 1, most: 2 }), '1ms', '2min'), [1, 120_000])
  assert.deepEqual(read(duration('', { least: 1, most: 2 }), '0', '121s', '70000d'), Array(3).fill(undefined))
  assert.deepEqual(read(duration(''), '30 mins', '2weeks', '', '1.5h'), Array(4).fill(undefined))
})

test('a day lasts to its end, and a time may have seconds and parts of them', () => {
  assert.deepEqual(
    read(
      moment(''),
      '2027-03-31',
      '2027-03-31T18:00Z',
      '2027-03-31T18:00:07Z',
      '2027-03-31T18:00:07.5Z',
      '2027-03-31T18:00:07.125Z',
      '2027-03-31T18:00+02:00',
    ),
    [
      Date.UTC(2027, 2, 31, 23, 59, 59, 999),
      Date.UTC(2027, 2, 31, 18),
      Date.UTC(2027, 2, 31, 18, 0, 7),
      Date.UTC(2027, 2, 31, 18, 0, 7, 500),
      Date.UTC(2027, 2, 31, 18, 0, 7, 125),
      Date.UTC(2027, 2, 31, 16),
    ],
  )
  assert.deepEqual(
    read(moment(''), 'tomorrow', '2027-13-01', '2027-03-31T18:00', '31.3.2027'),
    Array(4).fill(undefined),
  )
})
