import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readsListing, shortEntry } from '../../../testing/reads-listing.ts'
import type { ListedEntry } from './listed.ts'
import { parseListing } from './parse-listing.ts'

/* Servers that few have met, and the rare forms of those that all know. */

const now = Date.parse('2026-03-10T12:00:00Z')

/** With the target of a link behind the rest. */
function short(entry: ListedEntry): string {
  return `${shortEntry(entry)}|${entry.target ?? ''}`
}

function reads(server: string, lines: readonly string[], expected: readonly string[]): void {
  readsListing(server, lines, expected, short)
}

reads(
  'facts that are indented, or end in a tab',
  [
    '     Type=file;Size=7;Modify=20260131101112.830; an image',
    'size=12;type=file;modify=20260131101112;\ttelevision 2009-07-22 08-25-10',
  ],
  ['an image|f|7|2026-01-31T10:11:12.830Z||', 'television 2009-07-22 08-25-10|f|12|2026-01-31T10:11:12Z||'],
)

reads(
  'modes that are short, or say that a file only grows',
  [
    'drwxr-x   2       10     4096 Jan 28 02:41 fax',
    '-rw-r--   1       10       77 Jan 28 02:41 log',
    'd--------   1 anna    staff               0 Feb 22 10:19 DATA',
    'ar--r--r--   2 none     none         512 Feb 26 17:52 grows',
  ],
  [
    'fax|d|4096|2026-01-28T02:41|10|',
    'log|f|77|2026-01-28T02:41|10|',
    'DATA|d|0|2026-02-22T10:19|anna|',
    'grows|f|512|2026-02-26T17:52|none|',
  ],
)

reads(
  'z/VM with its disks',
  [
    'Filename FileType  Fm Format Lrecl  Records Blocks Date      Time',
    'LETTER   SCRIPT    A1 V      60     21      1      9/26/91   15:10:32',
    'NOTES    ALL       A0 F      80     2       1      11/03/100 10:11:12',
    'ART                A1 DIR    -      -       -      9/20/99   10:31:11',
  ],
  [
    'LETTER.SCRIPT|f|1260|1991-09-26T15:10:32||',
    'NOTES.ALL|f|160|2000-11-03T10:11:12||',
    'ART|d||1999-09-20T10:31:11||',
  ],
)

reads(
  'Windows whose links show where they lead, and whose names stand in a column',
  [
    ' 11/4/2018   9:09 PM  <DIR>         .',
    ' 9/23/2018   2:16 PM  <DIR>         bin',
    '10/23/2018   1:27 PM  <JUNCTION>    one => there',
    '10/23/2018   1:27 PM  <SYMLINK>     two -> over there',
    ' 10/3/2018   2:58 PM    34,359,738  image',
    ' 7/26/2018   1:11 PM           189  script',
    ' 7/26/2018   1:11 PM           189   indented',
    '       3 files           75,978,506 bytes',
    '       2 directories     22,198,362 bytes free',
  ],
  [
    'bin|d||2018-09-23T14:16||',
    'one|l||2018-10-23T13:27||there',
    'two|l||2018-10-23T13:27||over there',
    'image|f|34359738|2018-10-03T14:58||',
    'script|f|189|2018-07-26T13:11||',
    ' indented|f|189|2018-07-26T13:11||',
  ],
)

reads(
  'VMS that breaks lines without a version, by a CR too, and tells bytes or that there is nothing',
  [
    'Directory A:[B]',
    'DISK$USERS:',
    '',
    'CLOSED.DIR;1\tNo privilege for attempted operation',
    'THIS_NAME_HAS_NO_VERSION.AND-IS-LONG',
    '                          213  29-JAN-1996 03:33 [ANNA,ANNA] (RWED,RWED,,)',
    'THIS_ONE_HAS_A_CR.IN-IT\r                      2/3  29-JAN-1996 03:33:12  [ANNA,ANNA] (RWED,RWED,,)',
    'LARGE.ISO;1   5120000000000/10000000000 5-MAR-1993 18:09',
    '',
    'Directory A:[C]',
    '',
    '*.*;0              <%RMS-E-FNF, file not found>',
    '%DIRECT-W-NOFILES, no files found',
  ],
  [
    'CLOSED|d||||',
    'THIS_NAME_HAS_NO_VERSION.AND-IS-LONG|f|109056|1996-01-29T03:33|ANNA|',
    'THIS_ONE_HAS_A_CR.IN-IT|f|1024|1996-01-29T03:33:12|ANNA|',
    'LARGE.ISO|f|5120000000000|1993-03-05T18:09||',
  ],
)

reads(
  'DOS and Windows of sixteen bits, with attributes, months in words and endings apart',
  [
    '.               <DIR>      Nov 16 1994 17:16',
    'SETUP           <DIR>      Nov 16 1994 17:17',
    'PLAN1.DOC       11264      May 11 1995 14:20   A',
    'README.TXT       1045      May 10 1995 11:01',
    'PLAN.CSV            0      Jul 06 1995 14:56   RHA',
    'prog1    exe     2,563,136 06-10-99  10:00a',
    'temp         <dir>         01-27-97   3:41p',
  ],
  [
    'SETUP|d||1994-11-16T17:17||',
    'PLAN1.DOC|f|11264|1995-05-11T14:20||',
    'README.TXT|f|1045|1995-05-10T11:01||',
    'PLAN.CSV|f|0|1995-07-06T14:56||',
    'prog1.exe|f|2563136|1999-06-10T10:00||',
    'temp|d||1997-01-27T15:41||',
  ],
)

reads(
  'Stratus VOS',
  [
    'Files: 2 Blocks: 160',
    'w    158 stm       05-05-19 11:53:44  books.cobol',
    'r      2 seq       90-12-01 01:02:03  two words',
    '',
    'Dirs: 1',
    'm      1           04-02-03 10:11:12  programs',
    '',
    'Links: 0',
  ],
  [
    'books.cobol|f|647168|2005-05-19T11:53:44||',
    'two words|f|8192|1990-12-01T01:02:03||',
    'programs|d|4096|2004-02-03T10:11:12||',
  ],
)

reads(
  'Connect:Enterprise in its three forms, GCOS 7 and Distinct',
  [
    '-SR--M------- A anna      1     369 Feb 02 13:47 <<ACTIVITY LOG>>',
    'anna     00003444 00910368 <a file.zip>          230924-1636  A R       TCP BIN',
    'anna     00003603 00124000 <orders>+             231126-0548  A RT      TCP ASC',
    'Total Number of batches listed: 2',
    '- - -----0 SEPT         SYSADMIN         AUG 26, 1997 SEQ1',
    'd - -----0 SEPT         SYSADMIN         AUG 26, 1997 DIR1',
    '-wa--          23  Dec 29,2002  18:42  made.txt',
    'dw---           0  Dec 29,2002  18:42  made',
  ],
  [
    '<<ACTIVITY LOG>>|f|369|2026-02-02T13:47|anna|',
    'a file.zip|f|910368|2023-09-24T16:36|anna|',
    'orders|f|124000|2023-11-26T05:48|anna|',
    'SEQ1|f||1997-08-26|SYSADMIN|',
    'DIR1|d||1997-08-26|SYSADMIN|',
    'made.txt|f|23|2002-12-29T18:42||',
    'made|d|0|2002-12-29T18:42||',
  ],
)

reads(
  'z/OS without headings, with many extents, and NonStop whose protection is long',
  [
    'SM6009 3380   2010/03/09123 2415  U    18432 18432  PO  A.LOADLIB',
    'MIGRAT                                              A.OLD',
    'MODULE1   005F48   000011 OTHER    00 FO             RN RU            31    ANY',
    'LOG          101            16354 14-Mar-14 15:09:12 244, 10 "guests"',
  ],
  [
    'A.LOADLIB|d||2010-03-09||',
    'A.OLD|f||||',
    'MODULE1|f|24392|||',
    'LOG|f|16354|2014-03-14T15:09:12|244,10|',
  ],
)

test('sums are known in more languages, also where their encoding is not', () => {
  const sums = ['Gesamt 4352', 'viso 12', 'загалом 8', 'усяго 8', 'sveukupno 8', 'skupno 8']
  const bytes = Buffer.concat([
    Buffer.from(`${sums.join('\n')}\n`),
    Buffer.from('\xf6sszesen 12\n', 'latin1'),
  ])
  assert.deepEqual(parseListing(bytes, now), { entries: [], unparsed: [] })
})

test('a date that nobody can read is no part of a name', () => {
  const rest = '-rw-r--r-- 1 u g 528'
  for (const date of ['Xyzw 01 2007', '1 Xyzw 10:11', '2012-30-07 00:31']) {
    const { entries } = parseListing(`${rest} ${date} README`, now)
    assert.deepEqual(entries.map(short), ['README|f|528||u|'], date)
  }
  for (const line of [
    `${rest} Apr -7 18:79 README`,
    `${rest} Feb 23 30:01 README`,
    `-rw-r--r-- 1 u 99 4096Feb 23 2001 README`,
    '-rw-r--r-- 1 u g',
  ]) {
    assert.deepEqual(parseListing(line, now), { entries: [], unparsed: [line] })
  }
  const link = parseListing('lrw-rw-rw- 1 u g 542 /over/thereFeb  8  2007 a link -> /over/there', now)
  assert.deepEqual(link.entries.map(short), ['a link|l|542||u|/over/there'])
  assert.equal(parseListing(`${rest} 12 monkeys 3`, now).entries[0]?.name, '12 monkeys 3')
})

test('owner and protection of VMS are no name', () => {
  const line = 'TWO WORDS.TXT;1  5  5-MAR-1993 18:09 [A,B] (RWED,,,)'
  assert.deepEqual(parseListing(line, now), { entries: [], unparsed: [line] })
})

test('blanks alone are no name', () => {
  const line = 'drwxr-xr-x    2 0        0            4096 Mar 18  2007  '
  assert.deepEqual(parseListing(line, now), { entries: [], unparsed: [line] })
})
