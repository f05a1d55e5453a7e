import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListingReader } from '../../wire/listings/listing-reader.ts'
import { entryOf } from './entry-of.ts'

const hour = 3_600_000
const [day] = new ListingReader(Date.UTC(2026, 0, 1)).read(
  ['-rw-r--r-- 1 u g 1 Mar 5 2024 old'],
  true,
).entries

for (const [where, offset, shown] of [
  ['in UTC', 0, '2024-03-05'],
  ['in Kolkata', 5.5 * hour, '2024-03-05'],
  ['in Los Angeles', -8 * hour, '2024-03-06'],
  ['in Kiritimati', 14 * hour, '2024-03-05'],
] as const) {
  test(`a day without a time of a server ${where} stays a round day, less than one from any time in it`, () => {
    assert.ok(day)
    const { modified } = entryOf(day, 'old', offset)
    assert.equal(modified.toISOString(), `${shown}T00:00:00.000Z`)
    const first = Date.UTC(2024, 2, 5) - offset
    for (const real of [first, first + 24 * hour - 1])
      assert.ok(Math.abs(real - modified.getTime()) < 24 * hour)
  })
}
