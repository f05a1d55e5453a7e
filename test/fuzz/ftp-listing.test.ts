import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeText } from '../../src/core/text.ts'
import type { ListedEntry } from '../../src/ftp/wire/listings/listed.ts'
import { ListingReader } from '../../src/ftp/wire/listings/listing-reader.ts'
import { parseListing } from '../../src/ftp/wire/listings/parse-listing.ts'
import { forAWhile } from './for-a-while.ts'

/* Listings that nobody would write. */
const now = Date.parse('2026-03-10T12:00:00Z')

// prettier-ignore
const words = [
  '-rw-r--r--', 'drwxr-xr-x+', 'lrwxrwxrwx', 'crw-rw-rw-', '1', '531', '9,730', '33.5k', '1,', 'root', 'Jan', 'M\xe4r', '8\xd4\xc2',
  '29', '31', '03:26', '12:09PM', 'PM', '2004', '1999', '04-27-00', '2002-09-02', '31.12.99', '07/15/2004', 'Feb-28-1998',
  '<DIR>', '<JUNCTION>', '[', ']', ' -> ', 'F.TXT;1', 'D.DIR;1', '2/8', '7-JAN-2000', '[A,B]', '(RWED,,,)', '*DIR', '*MEM',
  'd [R----F--]', '+i1,m1,r,s5,\t', 'type=file;', 'size=1;', 'modify=20260131101112;', '; ', 'Migrated', 'VSAM', '3390', 'PO',
  ' Name     VV.MM   Created       Changed      Size', 'JOBNAME  JOBID    OWNER    STATUS CLASS', '01.03', 'JOB00001', 'OUTPUT',
  'total', 'a/', 'b*', 'c@', '-', '=', './x:', '0100644', '123456789', 'O', '"nnnn"', '244,', '10', '\xff', '\0', '..', '.',
]
const line = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...words) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    ),
    { maxLength: 14 },
  )
  .chain((parts) => fc.constantFrom(' ', '  ', '\t').map((between) => parts.join(between)))
const listing = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r\r\n'))
  .map(([lines, end]) => lines.join(end))

/** DOS writes the end of a name in a column of its own. */
function isWrittenIn({ line, name, family }: ListedEntry): boolean {
  if (line.includes(name)) return true
  return family === 'other' && name.split('.').every((part) => line.includes(part))
}

test('no listing makes the reader throw, invent a name or lose a line', () => {
  forAWhile(
    fc.property(listing, (written) => {
      const text = decodeText(Buffer.from(written, 'latin1'))
      const { entries, unparsed } = parseListing(text, now)
      for (const entry of entries) {
        assert.notEqual(entry.name, '')
        assert.ok(entry.name !== '.' && entry.name !== '..')
        assert.ok(entry.size === undefined || entry.size >= 0)
        // VMS and z/VM write names in parts.
        if (!/vms|cms/u.test(entry.family)) assert.ok(isWrittenIn(entry), entry.name)
        assert.ok(!Number.isNaN(entry.modified?.ms))
      }
      // KA9Q and TSX+ write several files a line.
      const lines = new Set(entries.map(({ line }) => line)).size
      assert.ok(lines + unparsed.length <= text.split('\n').length)
    }),
    0.5,
  )
})

// prettier-ignore
const telling = [
  '-rw-r--r-- 1 u g 5 Mar  3 10:00   a', '-rw-r--r-- 1 u g 5 Mar  3 10:00 pm b', '-rwxr-xr-x 1 u g 5 Mar  3  2024 12:30 c', 'drwxr-xr-x 2 u g 5 Mar  3 2024 d/',
  '05-04-11  12:09       <DIR>          e', '27-04-11  12:09       <DIR>          f', '05-04-11  12:09                   5  g', 'F.TXT;2', 'F.TXT;1 1 7-JAN-2000',
  ' 2 7-JAN-2000 10:00 [A]', 'README  763  About this', 'bin/   -  Programs', 'main.c  5  data.txt  12', 'Directory [d:/*.*] / 2 Files / 17 Blocks',
  'Files: 1', 'Dirs: 1', 'w  1  05-05-19 11:53:44  h', 'sub:', '', 'what', 'two\nlines',
]
const telling100 = fc
  .tuple(fc.array(fc.constantFrom(...telling), { maxLength: 30 }), fc.integer({ min: 0, max: 1100 }))
  .map(([lines, more]) => [...lines, ...Array.from({ length: more }, () => lines[0] ?? ''), ...lines])

test('however a listing is cut into pieces, what it says is the same', () => {
  forAWhile(
    fc.property(
      telling100,
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 0, max: 400 })),
      (lines, returns, sizes) => {
        const sent = lines.map((text) => (returns ? `${text}\r` : text))
        const reader = new ListingReader(now)
        const parts = []
        for (let at = 0; at < sent.length;) {
          const size = sizes.next().value
          parts.push(reader.read(sent.slice(at, at + size), false))
          at += size
        }
        parts.push(reader.read([], true))
        const whole = new ListingReader(now).read(sent, true)
        assert.deepEqual(
          parts.flatMap(({ entries }) => entries),
          whole.entries,
        )
        assert.deepEqual(
          parts.flatMap(({ unparsed }) => unparsed),
          whole.unparsed,
        )
      },
    ),
    0.5,
  )
})

test('long lines take time in proportion to their length', () => {
  const pieces = [
    ' [',
    ' -> ',
    '; ',
    '=;',
    'a=b;',
    ' <DIR>',
    '\t',
    '1 ',
    'Jan 1 ',
    '1,000',
    '-',
    '[]',
    '(',
    '; a=',
  ]
  const heads = [
    '',
    '-rw-r--r-- 1 u g 5 Mar 3 10:00 ',
    '01-16-02  11:14AM  <JUNCTION> ',
    'F.TXT;1 ',
    '+',
    'type=',
    '12 Feb-28-1998 05:23:30 ',
  ]
  for (const head of heads) {
    for (const piece of pieces) {
      const text = `${head + piece.repeat(16_000 / piece.length)}\n`.repeat(20)
      const start = process.cpuUsage().user
      parseListing(text, now)
      // 320 kB: a reader that is quadratic in the length of a line takes seconds.
      assert.ok(process.cpuUsage().user - start < 500_000, head + piece)
    }
  }
})
