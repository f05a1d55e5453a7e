import { readsListing } from '../../../testing/reads-listing.ts'

/* Systems whose listings look like nobody else's. */

readsListing(
  "KA9Q's NOS, two files a line",
  [
    'readme.nos        1,067 21:24 10/24/93   arc/                     0:33  1/01/80',
    'alias               806  0:12 10/25/93   bin/                    12:30 12/31/92',
    'spool/                   9:37  1/01/80   ',
    '5 files. 11,642,880 bytes free. Disk size 32,602,112 bytes.',
  ],
  [
    'readme.nos|f|1067|1993-10-24T21:24|',
    'arc|d||1980-01-01T00:33|',
    'alias|f|806|1993-10-25T00:12|',
    'bin|d||1992-12-31T12:30|',
    'spool|d||1980-01-01T09:37|',
  ],
)

readsListing(
  "KA9Q's NOS that counts no bytes",
  ['net.exe 9,999 9:05 11/30/94', 'one file.'],
  ['net.exe|f|9999|1994-11-30T09:05|'],
)

readsListing(
  'TSX+, whose sum tells what the numbers are',
  [
    ' main.c       5    data.txt    12    tools.dsk     8',
    ' notes.       1',
    '',
    'Directory [du3:/tools/*.*] / 4 Files / 26 Blocks',
  ],
  ['main.c|f|2560||', 'data.txt|f|6144||', 'tools|d|||', 'notes.|f|512||'],
)

readsListing(
  'TOPS-20 with facts',
  [
    '<ANNA>LOGIN.CMD.1;P777700;A,1,15-Aug-2003 09:42:12,16-Aug-2003 10:43:13,17-Nov-1858 16:00:00',
    'PS:<ANNA>SOURCES.DIRECTORY.1;P777700;A,2,5-Aug-2003 09:42:12,6-Aug-2003 10:43:13,17-Nov-1858 16:00:00',
  ],
  ['LOGIN.CMD.1|f||2003-08-16T10:43:13|', 'SOURCES|d||2003-08-06T10:43:13|'],
)

readsListing(
  'TOPS-20 with names alone',
  ['PS:<ANNA>', 'LOGIN.CMD.1', 'MAIL.TXT.12', 'OLD.DIRECTORY.1'],
  ['LOGIN.CMD.1|f|||', 'MAIL.TXT.12|f|||', 'OLD|d|||'],
)

readsListing(
  'TOPS-20 with names behind a date',
  [
    '   PS:<ANNA>',
    '   1 2560(7) 12-Jan-86 10:11:12 LOGIN.CMD.3',
    '   1 0(36)  3-Feb-87 01:02:03 OLD.DIRECTORY.1',
  ],
  ['LOGIN.CMD.3|f||1986-01-12T10:11:12|', 'OLD|d||1987-02-03T01:02:03|'],
)

readsListing(
  'MUSIC/SP',
  [
    '  File name             RlenRf  Size  Read       Write     By      Attrbs #Recs',
    'REPORT                    47VC    2K 15MAR01 24SEP96 14:31 $PUB000            5',
    'NEVERREAD                 80F    12K         02JAN97 01:02 ANNA000  XO      120',
    'PAPERS\\                     DIR   1K 15MAR01 24SEP96 14:31 ANNA000            0',
  ],
  [
    'REPORT|f|2048|1996-09-24T14:31|$PUB000',
    'NEVERREAD|f|12288|1997-01-02T01:02|ANNA000',
    'PAPERS|d||1996-09-24T14:31|ANNA000',
  ],
)

readsListing(
  'MicroRTOS, which tells places in memory',
  [
    '',
    ' Start    End    length     File name',
    '------------------------------------------',
    ' 80000   9FFFF   131072   m0622210',
    ' A0000   A0B7F     2882   TWO WORDS.CGI',
    ' A0B80   A209F     5354   <deleted file>',
    '',
    ' ** Total 3 files, 139308 bytes **',
  ],
  ['m0622210|f|131072||', 'TWO WORDS.CGI|f|2882||'],
)

readsListing(
  'Information Exchange in its three forms',
  [
    '  Filename (MSGKEY)        Sender      Class   Size       Date   Time',
    'FFAD59A3FB10054AC5F1._IE  ACCT1 USER1  ORDERS  0000006501 960821 092357',
    'FFAD59A3FB10054AC5F2._IE',
    'FFAD59A3FB10054AC5F3._IE "orders.edi"',
  ],
  [
    'FFAD59A3FB10054AC5F1._IE|f|6501|1996-08-21T09:23:57|USER1',
    'FFAD59A3FB10054AC5F2._IE|f|||',
    'FFAD59A3FB10054AC5F3._IE|f|||',
  ],
)

readsListing(
  'libraries of Information Exchange',
  [
    'Access    Owner    Account Size  Last updated         Name',
    '-rw-rw---  USER1    ACCT1   6501  96/08/21 09:23:57    MEMBER ONE',
    '-rw-rw---  USER1    ACCT1    651  96/08/21 09:23:57    MEMBER2',
    '-rw-rw---  USER1    ACCT1     65  96/08/21 09:23:57    MEMBER3',
  ],
  [
    'MEMBER ONE|f|6501|1996-08-21T09:23:57|USER1',
    'MEMBER2|f|651|1996-08-21T09:23:57|USER1',
    'MEMBER3|f|65|1996-08-21T09:23:57|USER1',
  ],
)

readsListing(
  'NOS/VE',
  [
    'anna       1,347,912 bytes in 14 files',
    '  letter_1        12,345 bytes',
    '  sources      1,234,567 bytes in 12 files',
    '  drafts   -- empty catalog',
    '  tape_1   -- device',
  ],
  ['letter_1|f|12345||', 'sources|d|||', 'drafts|d|||', 'tape_1|o|||'],
)

readsListing(
  'MPE/iX of which the space is not told, and members of GCOS 7',
  [
    'ACCOUNT = SALES             GROUP = PUB',
    '',
    'FILENAME   CODE               -----------LOGICAL RECORD-----------',
    '                              SIZE     TYP       EOF      LIMIT',
    'SCREEN1                       256B      FA       800      10000',
    'PROGX PROG                   1934W      VB      4551       9480',
    '- m        SEPT         DAT              AUG 25, 1997 MEMBER0',
  ],
  ['SCREEN1|f|204800||', 'PROGX|f|17603268||', 'MEMBER0|f||1997-08-25|DAT'],
)
