import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeText } from '../../../core/text.ts'
import type { ListedEntry } from './listed.ts'
import { ListingReader } from './listing-reader.ts'
import { parseListing } from './parse-listing.ts'

const now = Date.parse('2026-03-10T12:00:00Z')

function read(line: string | Uint8Array): ListedEntry {
  const { entries, unparsed } = parseListing(line, now)
  assert.deepEqual(unparsed, [])
  assert.equal(entries.length, 1)
  return entries[0] ?? assert.fail()
}

/** `name|kind letter|size|time|owner|group`, the time as ISO 8601 up to what was written. */
function short(entry: ListedEntry): string {
  const { name, kind, size, modified, owner, group } = entry
  const length = { day: 10, minute: 16, second: 19, millisecond: 23 }
  const time = modified
    ? new Date(modified.ms).toISOString().slice(0, length[modified.precision]) +
      (modified.zone === 'utc' ? 'Z' : '')
    : ''
  return [name, kind.charAt(0), size ?? '', time, owner ?? '', group ?? ''].join('|')
}

function names(...lines: string[]): string[] {
  return parseListing(lines.join('\n'), now).entries.map(({ name }) => name)
}

function year(date: string, at: string): number | undefined {
  const { entries } = parseListing(`-rw-r--r-- 1 u g 5 ${date} a`, Date.parse(at))
  const { modified } = entries[0] ?? {}
  return modified && new Date(modified.ms).getUTCFullYear()
}

/** 1 to 12; 0 where no date was found. */
function monthTold(entry: ListedEntry | undefined): number {
  return entry?.modified === undefined ? 0 : new Date(entry.modified.ms).getUTCMonth() + 1
}

/** The months that such dates of one listing tell. */
function months(...words: string[]): string {
  const lines = words.map((word) => `-rw-r--r-- 1 u g 5 ${word} 7 2001 f`)
  return parseListing(lines.join('\n'), now).entries.map(monthTold).join(' ')
}

const lines: readonly (readonly [string, string])[] = [
  ['-rw-r--r--   1 root     other        531 Jan 29 03:26 a b', 'a b|f|531|2026-01-29T03:26|root|other'],
  ['dr-xr-xr-x   2 root     other        512 Apr  8  1994 dir', 'dir|d|512|1994-04-08|root|other'],
  ['dr-xr-xr-x   2 root                  512 Apr  8  1994 dir', 'dir|d|512|1994-04-08|root|'],
  ['lrwxrwxrwx   1 root     other          7 Jan 25 00:17 l -> usr/b', 'l|l|7|2026-01-25T00:17|root|other'],
  ['-rw-r--r--   1 root     other        531 09-26 2000 f', 'f|f|531|2000-09-26|root|other'],
  ['-rw-r--r--   1 root     other        531 09-26 13:45 f', 'f|f|531|2025-09-26T13:45|root|other'],
  ['-rw-r--r--   1 root     other        531 2005-06-07 21:22 f', 'f|f|531|2005-06-07T21:22|root|other'],
  ['-rw-r--r-- 1 a b 531 2005-06-07 21:22:33.123456789 +0200 f', 'f|f|531|2005-06-07T19:22:33.123Z|a|b'],
  ['-rw-r--r--   1 root     other  33.5k Oct 5 21:22 f', 'f|f|34304|2025-10-05T21:22|root|other'],
  ['-------r--         326  1391972  1392298 Nov 22  1995 f', 'f|f|1392298|1995-11-22||'],
  ['drwxrwxr-x               folder        2 May 10  1996 d', 'd|d|2|1996-05-10||'],
  ['-rw-r--r--   1 anna domain users 531 Jan 29 03:26 f', 'f|f|531|2026-01-29T03:26|anna|domain users'],
  ['-rwxr-xr-x    1 user group        9 Oct 08, 2002 09:47 f', 'f|f|9|2002-10-08T09:47|user|group'],
  ['dr-xr-xr-x   2 root     other      2235 26. Juli, 20:10 d', 'd|d|2235|2025-07-26T20:10|root|other'],
  ['-r-xr-xr-x   2 root     other      2235 2.   Okt.  2003 f', 'f|f|2235|2003-10-02|root|other'],
  ['-r-xr-xr-x   2 root     other      2235 1999/10/12 17:12 f', 'f|f|2235|1999-10-12T17:12|root|other'],
  ['-r-xr-xr-x   2 root     other      2235 24-04-2003 17:12 f', 'f|f|2235|2003-04-24T17:12|root|other'],
  ['-r-xr-xr-x   2 root  root  96 2004.07.15   f', 'f|f|96|2004-07-15|root|root'],
  ['-r-xr-xr-x longowner longgroup123456 Feb 12 17:20 f', 'f|f|123456|2026-02-12T17:20|longowner|longgroup'],
  ['-r-xr-xr-x 2 owner group 4512 01-jun-99 f', 'f|f|4512|1999-06-01|owner|group'],
  ['drwxr-xr-x   3 user group      512 01 oct 2004 d', 'd|d|512|2004-10-01|user|group'],
  ['-rw-rw-rw-@  1 501  20   5 Mar  3 09:05 f  g', 'f  g|f|5|2026-03-03T09:05|501|20'],
  ['drwxr-xr-x+130 user  staff  4420 Mar  3 09:05 d', 'd|d|4420|2026-03-03T09:05|user|staff'],
  ['crw-rw-rw-   1 root  root  1,   3 Mar  3 09:05 null', 'null|o|0|2026-03-03T09:05|root|root'],
  ['crw-rw-rw-   1 root  root  1,3 Mar  3 09:05 null', 'null|o|0|2026-03-03T09:05|root|root'],
  ['-rw-r--r--  1 u  g  12 Mar  3 09:05:06 2014 f', 'f|f|12|2014-03-03T09:05:06|u|g'],
  ['-rw-r--r--  1 u  g  12 Wed Mar  5 09:05:06 2014 f', 'f|f|12|2014-03-05T09:05:06|u|g'],
  ['-rw-r--r--  1 u  g  12 Mar 03 09:05 PM f', 'f|f|12|2026-03-03T21:05|u|g'],
  ['-rw-r--r--  1 u  g  12 Mar 03 12:05AM f', 'f|f|12|2026-03-03T00:05|u|g'],
  ['  12 -rw-r--r--  1 u  g  12 Mar 03 12:05 f', 'f|f|12|2026-03-03T12:05|u|g'],
  ['1234 12 -rw-r--r--  1 u  g  12 Mar 03 12:05 f', 'f|f|12|2026-03-03T12:05|u|g'],
  ['-rw-r--r--  1 u  g  12 Mar 03 12:05  lead', ' lead|f|12|2026-03-03T12:05|u|g'],
  ['-rw-r--r--\t1\tu\tg\t12\tMar\t03\t12:05\ttab', 'tab|f|12|2026-03-03T12:05|u|g'],
  ['-rw-r--r--  1 u  g  1578888888 Mar 03 2019 f', 'f|f|1578888888|2019-03-03|u|g'],
  ['-rw-r--r--  1 u  g  77 1578888888 f', 'f|f|77|2020-01-13T04:14:48Z|u|g'],
  ['-rw-r--r--  1 1000  1000  99999999999 3 Mar 10:11 f', 'f|f|99999999999|2026-03-03T10:11|1000|1000'],
  ['-rw-r--r--  1 mar 5 99 Mar 3 10:11 f', 'f|f|99|2026-03-03T10:11|mar|5'],
  ['-rw-r--r--   1 u  g  10 2월 15 10:23 f', 'f|f|10|2026-02-15T10:23|u|g'],
  ['-rw-r--r--   1 u  g  10  2月 15  2003 f', 'f|f|10|2003-02-15|u|g'],
  ['-rw-r--r--   1 u  g  10  4月 18日 2003年 f', 'f|f|10|2003-04-18|u|g'],
  ['-rw-r--r--   1 u  g  10  2003年 4月 18日 10:00 f', 'f|f|10|2003-04-18T10:00|u|g'],
  ['-rw-r--r--   1 u  g  10  2003年4月18日 f', 'f|f|10|2003-04-18|u|g'],
  ['-rwxrwxrwx   1 u  g  0 2003   3\u0101\u0101 20 f', 'f|f|0|2003-03-20|u|g'],
  ['-rw-r--r--   1 u  g  10 2003 márc. 5. f', 'f|f|10|2003-03-05|u|g'],
  ['-rw-r--r-- 1 u g 12 Jan 25 下午10:00 f', 'f|f|12|2026-01-25T22:00|u|g'],
  ['-rw-r--r-- 1 u g 12 2004-09월-25 10:00 f', 'f|f|12|2004-09-25T10:00|u|g'],
  ['-rw-r--r-- 1 u g 12 2004年 9月25日 f', 'f|f|12|2004-09-25|u|g'],
  ['-rw-r--r-- 1 u g -2147483648 Jan 25 00:17 f', 'f|f||2026-01-25T00:17|u|g'],
  ['-rw-r--r-- 1 u g 12 Sun Jan 25 00:17:33 CET 2004 f', 'f|f|12|2004-01-25T00:17:33|u|g'],
  ['drwxr-xr-x    2        4096 Jan 12  2004 d', 'd|d|4096|2004-01-12||'],
  ['drwxr-xr-x   Jan 12  2004 d', 'd|d|0|2004-01-12||'],
  ['drwxr-xr-x 2 anna berg     web staff  4096 Jan 12  2004 d', 'd|d|4096|2004-01-12|anna berg|web staff'],
  ['drwxrwxr-x   1 500     244  660 Jan  1 00:0 bin', 'bin|d|660|2026-01-01T00:00|500|244'],
  ['-rw-r--r--   1 14  staff  80284 Aug 22  f', 'f|f|80284|2025-08-22|14|staff'],
  ['drwxr-xr-x   1 0  0   2048 Jan  1 00:00 d', 'd|d|2048|2026-01-01T00:00|0|0'],
  ['-rw-r--r--   1 500  500   1999 Jan  1  2003 f', 'f|f|1999|2003-01-01|500|500'],
  ['-rw-r--r--   1 500    2024  3月  3 10:11 f', 'f|f|2024|2026-03-03T10:11|500|'],
  ['-rw-r--r-- 500 500 2024 Mar  3 10:11 f', 'f|f|2024|2026-03-03T10:11|500|'],
  ['-rw-r--r--   1 root     other        531 3 29 03:26 f', 'f|f|531|2025-03-29T03:26|root|other'],
  ['-rw-r--r--   1 root     other        531 29 3 2003 f', 'f|f|531|2003-03-29|root|other'],
  ['-rw-r--r-- 1 u g 12  3.2. 10:11 f', 'f|f|12|2026-02-03T10:11|u|g'],
  ['-rw-r--r-- 1 u g 12 2019/3/3 下午 10:11 f', 'f|f|12|2019-03-03T22:11|u|g'],
  ['-rw-r--r-- 1 u g 12  5.\u00a0led  2020 f', 'f|f|12|2020-01-05|u|g'],
  ['-rw-r--r-- 1 u g 12 25.\u00a0úno 09.08 f', 'f|f|12|2026-02-25T09:08|u|g'],
  ['-rw-r--r-- 1 u g 12  5. 1.  2020 f', 'f|f|12|2020-01-05|u|g'],
  ['-rw-r--r-- 1 u g 12 25.10.  2020 f', 'f|f|12|2020-10-25|u|g'],
  ['-rw-r--r-- 1 u g 12  5 de gen.   2020 f', 'f|f|12|2020-01-05|u|g'],
  ['-rw-r--r-- 1 u g 12  5 d’ag.     2020 f', 'f|f|12|2020-08-05|u|g'],
  ['-rw-r--r-- 1 u g 12 5 d’oct.    10:11 f', 'f|f|12|2025-10-05T10:11|u|g'],
  ['-rw-r--r-- 1 u g 12  9. јун. у 09:08 f', 'f|f|12|2025-06-09T09:08|u|g'],
  ['-rw-r--r-- 1 u g 12 كانون الثاني  5  2020 f', 'f|f|12|2020-01-05|u|g'],
  ['-rw-r--r-- 1 u g 12 تشرين الأول  5 10:11 f', 'f|f|12|2025-10-05T10:11|u|g'],
  ['-rw-r--r-- 1 u g 12 12月25日 10:20 f', 'f|f|12|2025-12-25T10:20|u|g'],
  ['-rw-r--r-- 1 u g 12 十二月 3 2019 f', 'f|f|12|2019-12-03|u|g'],
  ['-rw-r--r-- 1 u g 12 Th03  3 2019 f', 'f|f|12|2019-03-03|u|g'],
  ['--rw-r--r-- M 123 u g 531 Mar  3 09:05 f', 'f|f|531|2026-03-03T09:05|u|g'],
  ['d-rwxr-xr-x M 0 u g 0 Jan 29  2020 d', 'd|d|0|2020-01-29|u|g'],
  ['-????????? ? ?    ?       ?            ? a b', 'a b|f||||'],
  ['l????????? ? ? ? ? ? l', 'l|l||||'],
  ['crw-------   1 root     sys      109,767 Jul  2  2004 a@b', 'a@b|o|0|2004-07-02|root|sys'],
  ['erwxrwxrwx   1 OMVS  SYS1  10 Dec  6  2021 x -> A.DS', 'x|l|10|2021-12-06|OMVS|SYS1'],
  ['mrw-r--r--   1 u  g  10 Dec  6  2021 tape', 'tape|f|10|2021-12-06|u|g'],
  ['-rw-r--r--   1 u g 12 Mar 14, 99 8:45 pm f', 'f|f|12|1999-03-14T20:45|u|g'],
  ['-rw-r--r--   1 u g 12 Mar 14  99 8:45 pm f', 'f|f|12|1999-03-14T20:45|u|g'],
  ['-rw------ - 2 u g 12  Mar 14, 99 8:45 pm f', 'f|f|12|1999-03-14T20:45|u|g'],
  ['-rw-r--rw   1     u     g         10 Feb 21 19:31 f', 'f|f|10|2026-02-21T19:31|u|g'],
  ['-rw-r--r-- 1 u g 12 2019-mar-03 10:11 f', 'f|f|12|2019-03-03T10:11|u|g'],
  ['-rw-r--r-- 1 u g 12 2019. 3. 13. 10:11 f', 'f|f|12|2019-03-13T10:11|u|g'],
  ['-rw-r--r-- 1 u g 12 000 17 2025 f', 'f|f|12||u|g'],
  ['-rw-r--r-- 1 u g 12 Jan 00 1900 f', 'f|f|12||u|g'],
  ['-rw-r--r-- 1 u g 12 2024-01-29T03:26:11+01:00 f', 'f|f|12|2024-01-29T02:26:11Z|u|g'],
  ['-rw-r--r-- 1 u g 12 Feb 29  2023 f', 'f|f|12||u|g'],
  ['-rw-r--r-- 1 u g 12 Mar  3 10:11 /srv/ftp/f', 'f|f|12|2026-03-03T10:11|u|g'],
]

for (const [line, expected] of lines) test(`reads ${line}`, () => assert.equal(short(read(line)), expected))

test('a month is known in the languages of servers', () => {
  const known = [
    'янв|1',
    'мая|5',
    'июня|6',
    'лют|2',
    'серп|8',
    'грудня|12',
    'août|8',
    'déc.|12',
    'févr.|2',
    'juil.|7',
    'juin|6',
  ]
  known.push(
    'mrt|3',
    'Mär|3',
    'Mrz|3',
    'Dez|12',
    'gen|1',
    'giu|6',
    'ott|10',
    'ene|1',
    'dic|12',
    'fev|2',
    'out|10',
    'sty|1',
  )
  known.push(
    'paź|10',
    'gru|12',
    'kwi|4',
    'úno|2',
    'kvě|5',
    'čec|7',
    'srp|8',
    'říj|10',
    'márc|3',
    'szept|9',
    'tammi|1',
    'kesä|6',
  )
  known.push(
    'heinä|7',
    'joulu|12',
    'Oca|1',
    'Şub|2',
    'Ağu|8',
    'Kas|11',
    'Ara|12',
    'maj|5',
    'okt|10',
    'des|12',
    'ม.ค.|1',
    'IJU|0',
    'ЯНВ|1',
    'DÉC|12',
    'ліс|11',
    'İyl|7',
    'ينا|1',
    'جانفي|1',
    'شباط|2',
    'ژانویه|1',
  )
  known.push(
    'जन॰|1',
    'मई|5',
    'জানু|1',
    'ஜன.|1',
    'იან|1',
    'հնվ|1',
    'Қаң|1',
    'Shk|2',
    'Chw|2',
    'Feabh|2',
    'Meith|6',
    'Ġun|6',
    'Gen|1',
    'Nob|11',
  )
  for (const name of known) {
    const [word, month] = name.split('|')
    const { entries } = parseListing(`-rw-r--r-- 1 u g 5 ${word} 7 2001 f`, now)
    assert.equal(monthTold(entries[0]), Number(month), word)
  }
})

test('months that Croatian shares with Polish and Czech are told apart by the others', () => {
  assert.equal(months('lip', 'srp', 'lis'), '7 8 11')
  assert.equal(months('lip', 'srp', 'lis', 'sij'), '6 7 10 1')
  assert.equal(months('velj', 'lip', 'srp', 'lis'), '2 6 7 10')
})

test('a month is known in the encodings of servers, and the bytes of the name survive', () => {
  const hidden = [
    ['M\xe4r', 3],
    ['ao\xfbt', 8],
    ['f\xe9v.', 2],
    ['\xcc\xe1\xf1', 3],
    ['\xf1\xf4\xe8', 9],
    ['\xd1\xce\xd7', 1],
    ['\xff\xed\xe2', 1],
    ['\xef\xad\xa2', 1],
    ['M\x84r', 3],
    ['d\x82c', 12],
    ['8\xd4\xc2', 8],
    ['8\x8c\x8e', 8],
  ] as const
  for (const [word, month] of hidden) {
    const bytes = Buffer.from(`-rw-r--r-- 1 u g 5 ${word} 7 2001 n\xe4me`, 'latin1')
    const entry = read(bytes)
    assert.equal(monthTold(entry), month, word)
    assert.equal(entry.name, decodeText(Buffer.from('n\xe4me', 'latin1')))
  }
})

test('permissions, links and targets are read', () => {
  const entry = read('lrwsr-xr-t 12 root wheel 7 Jan 25 00:17 a b -> c -> d')
  assert.equal(entry.mode, 0o5755)
  assert.equal(entry.links, 12)
  assert.equal(entry.name, 'a b')
  assert.equal(entry.target, 'c -> d')
  assert.equal(read('-rw-r--r-- 1 u g 7 Jan 25 00:17 a -> b').name, 'a -> b')
})

test('sums and the directory itself are no entries, and headings name the folder', () => {
  const listing = [
    'total 12',
    'drwxr-xr-x 2 u g 5 Mar 3 10:00 .',
    '-rw-r--r-- 1 u g 5 Mar 3 10:00 f',
    '',
    './sub dir:',
  ]
  listing.push('insgesamt 4', '-rw-r--r-- 1 u g 5 Mar 3 10:00 g', 'итого 3', 'total 4.0K', '总用量 12')
  const { entries, unparsed } = parseListing(listing.join('\r\n'), now)
  assert.deepEqual(unparsed, [])
  assert.deepEqual(
    entries.map(({ name, folder }) => [name, folder]),
    [
      ['f', undefined],
      ['g', './sub dir'],
    ],
  )
})

test('marks of ls -F are no part of names, a star at the end of one name is', () => {
  const rest = '1 u g 5 Mar 3 10:00'
  assert.deepEqual(
    names(
      `drwxr-xr-x ${rest} d/`,
      `-rwxr-xr-x ${rest} x*`,
      `lrwxrwxrwx ${rest} l@ -> t`,
      `-rw-r--r-- ${rest} f*`,
    ),
    ['d', 'x', 'l', 'f*'],
  )
  assert.deepEqual(names(`drwxr-xr-x ${rest} d`, `-rwxr-xr-x ${rest} x*`), ['d', 'x*'])
})

test('the directory itself and the one above are no files behind a margin either', () => {
  const [own, above, file] = ['.', '..', 'a'].map((name) => `drwxr-xr-x 2 u g 512 2005-02-18  ${name}`)
  assert.deepEqual(names(above ?? ''), [])
  assert.deepEqual(names(own ?? '', above ?? '', file ?? ''), ['a'])
})

test('a margin that all names have is none of theirs', () => {
  const rest = '-rw-r--r-- 1 u g 5 Mar 3 10:00'
  assert.deepEqual(names(`${rest}   a`, `${rest}   b`, `${rest}    c`), ['a', 'b', ' c'])
  assert.deepEqual(names(`${rest}   a`, `${rest} b`, `${rest} c`), ['  a', 'b', 'c'])
})

test('blanks behind a year that stands left fill the column', () => {
  const rest = '-rw-r--r-- 1 u g 5'
  assert.deepEqual(names(`${rest} Feb 18 2005  a`), ['a'])
  assert.deepEqual(names(`${rest} Feb 18 2005  a`, `${rest} Feb 18 2005   b`, `${rest} Feb 18 20:05  c`), [
    'a',
    ' b',
    ' c',
  ])
  assert.deepEqual(names(`${rest} Feb 18 2005  a`, `${rest} Feb 18 2005 b`), [' a', 'b'])
  assert.deepEqual(names(`${rest} Feb 18  2005  a`), [' a'])
  assert.deepEqual(names(`${rest} 2005-02-18  a`, `${rest} 02-18 20:05 b`), ['a', 'b'])
})

test('however the lines arrive, their marks and margins are the same', () => {
  const rest = '1 u g 5 Mar 3 10:00'
  const lines = [`drwxr-xr-x ${rest}   d/`, `-rwxr-xr-x ${rest}   x*`, `-rw-r--r-- ${rest}   f`]
  const reader = new ListingReader(now)
  const read = lines.map((line) => reader.read([line], false)).concat(reader.read([], true))
  assert.deepEqual(
    read.flatMap(({ entries }) => entries.map(({ name }) => name)),
    ['d', 'x', 'f'],
  )
})

test('what looks like more of a date begins a name where other dates end there', () => {
  const rest = '-rw-r--r-- 1 u g 5'
  const half = `${rest} Mar  3 03:26 pm notes`
  const clock = `${rest} Mar  3 2024 12:30 lunch`
  assert.deepEqual(names(half), ['notes'])
  assert.deepEqual(names(clock), ['lunch'])
  for (const other of [`${rest} Mar  3 10:00 a`, `drwxr-xr-x 2 u g 5 märz  3 10:00 a`]) {
    assert.deepEqual(names(half, clock, other), ['pm notes', '12:30 lunch', 'a'])
    assert.deepEqual(names(other, half, clock), ['a', 'pm notes', '12:30 lunch'])
  }
  assert.deepEqual(names(`${rest} 2024-03-03 03:26 pm notes`, `${rest} 2024-03-03 10:00 a`), [
    'pm notes',
    'a',
  ])
  assert.deepEqual(
    names(
      `${rest} Thu, 25 Jan 2024 10:20:30 +0100 b`,
      `${rest} Mar 14, 99 8:45 pm c`,
      `${rest} Mar 4 10:00 a`,
    ),
    ['b', 'c', 'a'],
  )
  // Who tells AM and PM tells them always, but not of a year.
  assert.deepEqual(names(half, clock, `${rest} Mar  3  2023 a`), ['notes', '12:30 lunch', 'a'])
  assert.deepEqual(names(clock, `${rest} Mar  4 2024 12:30 a`), ['lunch', 'a'])
  assert.deepEqual(names(`${rest} Mar  3  2024 10.15 notes`, `${rest} Mar  3  2024 8h30 b`), [
    '10.15 notes',
    '8h30 b',
  ])
})

test('a time of two signs behind a year is one where all lines have it, and begins a name where other dates end there', () => {
  const rest = '-rw-r--r-- 1 u g 5'
  for (const time of ['12:30.29', '9h05:30', '9H05.30', '9:05.30']) {
    const line = `${rest} Mar  3 2024 ${time} a`
    assert.deepEqual(names(line, `${rest} Mar 14 2024 10:05.07 b`), ['a', 'b'])
    assert.deepEqual(names(line, `${rest} Mar 14  2024 b`), [`${time} a`, 'b'])
    assert.deepEqual(names(`${rest} Mar 14 10:00 b`, line), ['b', `${time} a`])
    // Two blanks before its year has who leaves room for a time there.
    assert.deepEqual(names(`${rest} Mar  3  2024 ${time} a`), [`${time} a`])
  }
  assert.deepEqual(names(`${rest} Mar  3 2024 12:30:29 a`, `${rest} Mar 14  2024 b`), ['a', 'b'])
})

test('a line feed in a name is told from one that ends a line by the CR that others have', () => {
  const rest = '-rw-r--r-- 1 u g 5 Mar 3 10:00'
  const { entries, unparsed } = parseListing(`${rest} a\r\n${rest} two\nlines\r\n${rest} b\r\n`, now)
  assert.deepEqual(unparsed, [])
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['a', 'two\nlines', 'b'],
  )
})

test('a line feed is found in the first name too, at the end of one, and in listings of facts', () => {
  const rest = '-rw-r--r-- 1 u g 5 Mar 3 10:00'
  const facts = 'type=file;size=5;'
  for (const start of [rest, facts]) {
    const { entries, unparsed } = parseListing(`${start} two\nlines\r\n${start} b\n\r\n${start} c\r\n`, now)
    assert.deepEqual(unparsed, [])
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['two\nlines', 'b\n', 'c'],
    )
  }
})

test('an empty line behind one without CR ends a listing, where most lines have none', () => {
  const rest = '-rw-r--r-- 1 u g 5 Mar 3 10:00'
  const { entries, unparsed } = parseListing(`${rest} a\n${rest} b\n\r\n`, now)
  assert.deepEqual(unparsed, [])
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['a', 'b'],
  )
})

test('what nobody can read comes back as it was', () => {
  const { entries, unparsed } = parseListing(
    'hello\n-rw-r--r-- 1 u g 5 Mar 3 10:00 a\nno such thing here\n-rw-r--r-- 1 u g 5 Feb 30 10:00 b\n-rw-r--r-- 1 u g 5 Mar 3 10:00',
    now,
  )
  assert.deepEqual(
    entries.map(({ name, modified }) => [name, modified === undefined]),
    [
      ['a', false],
      // There is no such day, but such a file.
      ['b', true],
    ],
  )
  // The last has lost its name, and gets none that looks like one.
  assert.deepEqual(unparsed, ['hello', 'no such thing here', '-rw-r--r-- 1 u g 5 Mar 3 10:00'])
})

test('a size that a number cannot hold proves nothing', () => {
  assert.equal(read('-rw-r--r-- 1 u g 9007199254740991 Mar 3 10:00 a').rounded, false)
  assert.equal(read('-rw-r--r-- 1 u g 9007199254740993 Mar 3 10:00 a').rounded, true)
})

test('dates without a year are in the last twelve months, or tomorrow in another time zone', () => {
  assert.equal(year('Dec 31 23:00', '2026-01-01T00:30:00Z'), 2025)
  assert.equal(year('Jan  1 05:00', '2025-12-31T23:00:00Z'), 2026)
  assert.equal(year('Jan  2 05:00', '2025-12-31T23:00:00Z'), 2025)
  assert.equal(year('Feb 29 05:00', '2026-03-01T00:00:00Z'), 2024)
})
