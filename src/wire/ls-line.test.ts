import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { rowsOf } from '../core/rows.ts'
import type { Entry } from '../core/store.ts'
import { formatLine, formatListing } from './ls-line.ts'

const now = Date.parse('2025-11-21T07:53:00Z')
const entry = (more: Partial<Entry> = {}): Entry => ({
  name: 'name',
  kind: 'file',
  size: 1024,
  modified: new Date('2025-11-21T06:53:00Z'),
  ...more,
})

const line = (more: Partial<Entry> = {}): string => formatLine(entry(more), now)
const dateOf = (modified: string): string => line({ modified: new Date(modified) }).slice(43, 55)

test('a line looks as ls -l in the C locale', () => {
  assert.equal(line(), '-rw-r--r--    1 ferry    ferry        1024 Nov 21 06:53 name')
  assert.equal(
    line({ kind: 'directory', mode: 0o700, owner: 'anna', group: 'staff', links: 12, size: 4096 }),
    'drwx------   12 anna     staff        4096 Nov 21 06:53 name',
  )
  assert.equal(
    line({ kind: 'link', target: '../other', size: 8 }),
    'lrwxrwxrwx    1 ferry    ferry           8 Nov 21 06:53 name -> ../other',
  )
  assert.equal(
    line({ kind: 'link', size: 8 }),
    'lrwxrwxrwx    1 ferry    ferry           8 Nov 21 06:53 name',
  )
  assert.equal(line({ kind: 'other', size: 0 }).slice(0, 10), 'prw-r--r--')
})

test('sizes past 4 GiB are told in full', () => {
  assert.match(line({ size: 5_368_709_120 }), / 5368709120 Nov 21 06:53 name$/)
  assert.match(line({ size: Number.MAX_SAFE_INTEGER }), / 9007199254740991 Nov /)
})

const mode = (bits: number): string => line({ mode: bits }).slice(1, 10)

test('special bits stand where the x is, as capitals where there is none', () => {
  assert.equal(mode(0o4755), 'rwsr-xr-x')
  assert.equal(mode(0o2755), 'rwxr-sr-x')
  assert.equal(mode(0o1777), 'rwxrwxrwt')
  assert.equal(mode(0o7000), '--S--S--T')
  assert.equal(mode(0o777), 'rwxrwxrwx')
  assert.equal(mode(0), '---------')
  // A mode as stat(2) gives it, with its kind, must not be taken for another kind's.
  assert.equal(line({ kind: 'link', mode: 0o644 }).slice(0, 10), 'lrw-r--r--')
  assert.equal(line({ kind: 'directory', mode: 0o100_644 }).slice(0, 10), 'drw-r--r--')
})

test('the time is told for half a year, and never for the future', () => {
  assert.equal(dateOf('2025-11-21T07:53:00Z'), 'Nov 21 07:53')
  assert.equal(dateOf('2025-11-21T07:53:00.001Z'), 'Nov 21  2025')
  assert.equal(dateOf('2025-05-22T18:00:00Z'), 'May 22 18:00')
  assert.equal(dateOf('2025-05-21T18:00:00Z'), 'May 21  2025')
  assert.equal(dateOf('2030-02-03T00:00:00Z'), 'Feb  3  2030')
  assert.equal(dateOf('1970-01-01T00:00:00Z'), 'Jan  1  1970')
})

test('around the year end the time belongs to the right day', () => {
  const newYear = Date.parse('2026-01-01T00:30:00Z')
  const at = (modified: string): string =>
    formatLine(entry({ modified: new Date(modified) }), newYear).slice(43, 55)
  assert.equal(at('2025-12-31T23:59:59Z'), 'Dec 31 23:59')
  assert.equal(at('2026-01-01T00:00:00Z'), 'Jan  1 00:00')
  assert.equal(at('2024-12-31T23:59:59Z'), 'Dec 31  2024')
})

test('a date that is none, or past the year 9999, does not break the line', () => {
  assert.equal(line({ modified: new Date(Number.NaN) }).slice(43, 55), 'Jan  1  1970')
  assert.equal(line({ modified: new Date(8.64e15) }).slice(43, 55), 'Dec 31  9999')
})

test('a name cannot begin a line of its own, nor an owner shift the columns', () => {
  assert.match(line({ name: 'a\r\n-rw b\0\x1b[2J\x7f' }), / a\?\?-rw b\?\?\[2J\?$/)
  assert.match(line({ kind: 'link', target: 'x\ny' }), / name -> x\?y$/)
  assert.match(line({ owner: 'domain users', group: 'a\tb' }), / 1 domain_users a_b  /)
  assert.match(line({ owner: '' }), / 1 ferry    ferry /)
  assert.match(line({ name: ' two  spaces ' }), / 06:53 {2}two {2}spaces $/)
})

test('any entry is one line with its name at the end', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.maxSafeNat(),
      fc.date(),
      (name, owner, size, modified) => {
        const text = formatListing(
          rowsOf([entry({ name, owner, size, modified }), entry({ name: 'next' })]),
          now,
        )
        const lines = text.split(/[\r\n]+/)
        assert.equal(lines.length, 3)
        assert.match(
          lines[0] ?? '',
          /^-rw-r--r-- +1 \S+ +ferry +\d+ [A-Z][a-z]{2} [ \d]\d (?:\d\d:\d\d| \d{4}) /,
        )
        assert.ok(lines[0]?.endsWith(` ${name.replaceAll(/\p{Cc}/gu, '?')}`))
        assert.equal(lines[2], '')
      },
    ),
  )
})

test('a listing is its lines, each with CRLF', () => {
  assert.equal(formatListing(rowsOf([]), now), '')
  const both = rowsOf([entry(), entry({ name: 'b' })])
  assert.equal(formatListing(both, now), `${line()}\r\n${line({ name: 'b' })}\r\n`)
})
