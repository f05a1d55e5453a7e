import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseListing } from '../../src/ftp/wire/listings/parse-listing.ts'
import { forAWhile } from './for-a-while.ts'

/* Names that look like everything else in a line come back as they are, with the size and the time that stand before them. */
const now = Date.parse('2026-03-10T12:00:00Z')
const dayMs = 86_400_000
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const months2 = ['Jan', 'Feb', 'Mär', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez']

// prettier-ignore
const pieces = [
  'a', 'b', 'Z', '9', '2024', '12:30', 'Jan', '29', ' ', '  ', '-', '->', ' -> ', '"', "'", '[', ']', '(', ')', ';', '=', ':', ',', '.', '..', 'é', '月', 'total', 'PM',
  'am', '<DIR>', '+', '*', '@', '~', '#', '%', 'type=', '1,234', 'd', '10.15', '03-04-05', '3月', '5.', 'KB', 'root', '\\', '?', '{', '}', '$', '&', '|', '^', '!',
]
const name = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  // Seconds behind a year, of one sign, are part of the date wherever they stand.
  .filter(
    (text) => text.trim() !== '' && text !== '.' && text !== '..' && !/^\s*\d+([.:])\d\d\1\d\d/u.test(text),
  )

interface File {
  readonly name: string
  readonly size: number
  /** Days and minutes before now. */
  readonly days: number
  readonly minutes: number
}
const file: fc.Arbitrary<File> = fc.record({
  name,
  size: fc.oneof(fc.constantFrom(0, 2024, 5_368_709_120), fc.nat()),
  days: fc.nat({ max: 9000 }),
  minutes: fc.nat({ max: 1439 }),
})

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function clock(date: Date): string {
  return date.toISOString().slice(11, 16)
}

/** How servers write a file, how old it is at most, and whether they tell the day alone. */
const writers: Readonly<
  Record<string, readonly [(file: File, date: Date) => string, number, 'day' | 'minute']>
> = {
  'Unix, with years': [
    ({ name, size }, date) =>
      `-rw-r--r--   1 anna  staff ${String(size).padStart(8)} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}  ${date.getUTCFullYear()} ${name}`,
    9000,
    'day',
  ],
  'Unix, with times': [
    ({ name, size }, date) =>
      `-rw-r--r--   1 0  0 ${String(size).padStart(8)} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock(date)} ${name}`,
    300,
    'minute',
  ],
  'Unix in German': [
    ({ name, size }, date) =>
      `-rw-r--r--   1 anna  staff ${size} ${date.getUTCDate()}. ${months2[date.getUTCMonth()]} ${date.getUTCFullYear()} ${name}`,
    9000,
    'day',
  ],
  'Unix, with ISO dates': [
    ({ name, size }, date) =>
      `-rw-r--r--+  1 anna  staff ${size} ${date.toISOString().slice(0, 10)} ${clock(date)} ${name}`,
    9000,
    'minute',
  ],
  Windows: [
    ({ name, size }, date) =>
      `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}-${date.getUTCFullYear()}  ${clock(date)} ${String(size).padStart(20)} ${name}`,
    9000,
    'minute',
  ],
  'facts of MLSD': [
    ({ name, size }, date) =>
      `type=file;size=${size};modify=${date.toISOString().replaceAll(/[-:T]/gu, '').slice(0, 14)};perm=r; ${name}`,
    9000,
    'minute',
  ],
  EPLF: [({ name, size }, date) => `+i1.2,m${date.getTime() / 1000},r,s${size},\t${name}`, 9000, 'minute'],
}

for (const [server, [write, oldest, tells]] of Object.entries(writers)) {
  test(`names of any kind come back from ${server}`, () => {
    forAWhile(
      fc.property(fc.array(file, { maxLength: 12 }), (files) => {
        // One whose name is like none of all this shows how the server writes.
        const all = [{ name: 'plain', size: 1, days: 2, minutes: 0 }, ...files]
        const dates = all.map(
          ({ days, minutes }) => new Date(now - (days % oldest) * dayMs - minutes * 60_000),
        )
        const lines = all.map((each, at) => write(each, dates[at] ?? new Date(now)))
        const { entries, unparsed } = parseListing(lines.map((line) => `${line}\r\n`).join(''), now)
        assert.deepEqual(unparsed, [])
        assert.deepEqual(
          entries.map(({ name, kind, size, modified }) => ({ name, kind, size, ms: modified?.ms })),
          all.map(({ name, size }, at) => {
            const ms = dates[at]?.getTime() ?? 0
            return { name, kind: 'file', size, ms: tells === 'day' ? ms - (ms % dayMs) : ms }
          }),
        )
      }),
      0.2,
    )
  })
}
