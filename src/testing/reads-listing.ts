import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedEntry } from '../ftp/wire/listings/listed.ts'
import { parseListing } from '../ftp/wire/listings/parse-listing.ts'

/** The day on which listings of tests are read: years that they leave out are guessed from it. */
const now = Date.parse('2026-03-10T12:00:00Z')

/** Tests that a listing is read so, and all of it, whatever its lines end in. */
export function readsListing(
  server: string,
  lines: readonly string[],
  expected: readonly string[],
  show: (entry: ListedEntry) => string = shortEntry,
): void {
  test(`reads ${server}`, () => {
    for (const end of ['\n', '\r\n']) {
      const { entries, unparsed } = parseListing(lines.map((line) => line + end).join(''), now)
      assert.deepEqual(entries.map(show), expected)
      assert.deepEqual(unparsed, [])
    }
  })
}

/** `name|kind letter|size|time|owner`, the time as ISO 8601 up to what was written. */
export function shortEntry({ name, kind, size, modified, owner }: ListedEntry): string {
  const length = { day: 10, minute: 16, second: 19, millisecond: 23 }
  const time = modified
    ? new Date(modified.ms).toISOString().slice(0, length[modified.precision]) +
      (modified.zone === 'utc' ? 'Z' : '')
    : ''
  return [name, kind.charAt(0), size ?? '', time, owner ?? ''].join('|')
}
