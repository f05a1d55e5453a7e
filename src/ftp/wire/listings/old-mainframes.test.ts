import { readsListing, shortEntry } from '../../../testing/reads-listing.ts'

/* Systems of which a few are left, and programs of DOS that nobody sells any more. */

readsListing(
  'GCOS of both kinds',
  [
    'd rwx rwx ---           0 03/15/98           anna          library one',
    '- rwx r-x ---        4096 03/16/98 11:22:33  ben           orders',
    '- s -----0 SEPT         ANNA                          NODATE',
  ],
  ['library one|d|0|1998-03-15|anna', 'orders|f|4096|1998-03-16T11:22:33|ben', 'NODATE|f|||ANNA'],
)

readsListing(
  'z/VSE',
  [
    'PRD9     <Library>',
    'POWER    <Power Queue>',
    'A.TAPE   <File>',
    'BASE     <Sub Library>   12   345  98-05-31 06:22:00',
    'REPORT.PHASE   23  4  97-05-31 98-11-22 F',
    'MY.SALES  98/05/31 06:22:00  123 K',
    'PAYROLL.01234.000  12  1  34  5  D  ANNA',
  ],
  [
    'PRD9|d|||',
    'POWER|d|||',
    'A.TAPE|f|||',
    'BASE|d||1998-05-31T06:22:00|',
    'REPORT.PHASE|f||1998-11-22|',
    'MY.SALES|f||1998-05-31T06:22:00|',
    'PAYROLL.01234.000|f|||ANNA',
  ],
)

readsListing(
  'the Byte File System of z/VM',
  ["04/21/2001 13:38:19 F 1 65758 'two words.txt'", "08/22/2001 05:28:40 D - - 'Sub'"],
  ['two words.txt|f|65758|2001-04-21T13:38:19|', 'Sub|d||2001-08-22T05:28:40|'],
)

readsListing(
  'links of Stratus VOS',
  [
    'Files: 1  Blocks: 3',
    'w      3 stm       99-05-19 11:53:44  report.text',
    'Links: 1',
    '99-07-13 21:15:43  old_report ->  %sys#m2_d01>anna>report.text',
  ],
  [
    'report.text|f|12288|1999-05-19T11:53:44|',
    'old_report|l||1999-07-13T21:15:43|%sys#m2_d01>anna>report.text',
  ],
  (entry) => shortEntry(entry) + (entry.target ?? ''),
)

readsListing(
  'MPE/iX with names in front',
  [
    'ACCOUNT=  SALES       GROUP=  PUB',
    '',
    'FILENAME  CODE  ------------LOGICAL RECORD-----------  ----SPACE----',
    '                  SIZE  TYP        EOF      LIMIT R/B  SECTORS #X MX',
    'ORDERS    PRIV    128W  FB          10          10  1       16  1  1',
    'BIGREPORT         128B  FAR       2000       8192   3     4128  1  8',
  ],
  ['ORDERS|f|2560||', 'BIGREPORT|f|256000||'],
)

readsListing(
  'disks of z/OS that are not there',
  [
    'Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname',
    'VOL001 Not Mounted                                      A.HELP',
  ],
  ['A.HELP|f|||'],
)

readsListing(
  'PC/TCP',
  [
    '     12774              IO.SYS   Tue May 31 06:22:00 1994',
    '<dir>                  TOOLS   Thu Feb 20 09:55:02 2003',
  ],
  ['IO.SYS|f|12774|1994-05-31T06:22:00|', 'TOOLS|d||2003-02-20T09:55:02|'],
)

readsListing(
  'NCSA, which tells no dates',
  ['TOOLS            <DIR>', 'PROG.EXE         12345', 'READ.ME              0', '729088 Bytes Available'],
  ['TOOLS|d|||', 'PROG.EXE|f|12345||', 'READ.ME|f|0||'],
)

readsListing(
  'SuperTCP, which has short names and the whole ones',
  [
    '.            <DIR>     11-29-2004  22:04 .',
    'setup.exe    1164112   11-22-2004  15:34 setup.exe',
    'MYDOCU~1     <DIR>     11-29-2004  22:16 My Documents',
    'LEADIN~1           5   11-29-2004  22:52  leading',
  ],
  [
    'setup.exe|f|1164112|2004-11-22T15:34|',
    'My Documents|d||2004-11-29T22:16|',
    ' leading|f|5|2004-11-29T22:52|',
  ],
)

readsListing(
  'NetWare for Unix printing, whose years have two digits',
  [
    '-[RWCEAFMS] server1          3166     Sept 14, 99 2:30 pm log.err',
    'D[RWCEAFMS] server1           512     Sept 15, 99 2:30 pm system',
    '-rw------ - 1 anna support 1285 Oct 14, 99 9:55 pm 12345678.123456',
  ],
  [
    'log.err|f|3166|1999-09-14T14:30|server1',
    'system|d|512|1999-09-15T14:30|server1',
    '12345678.123456|f|1285|1999-10-14T21:55|anna',
  ],
)

readsListing(
  'Connect:Express and mailboxes of Connect:Enterprise, also of the century before',
  [
    '-D 2 T VB  00244 18000 ORDERS!ANNA.GDG(+01)',
    '-F 1 R -   -     -     SALES!ANNA.A',
    'd   -   -   -  -  -  -  - anna',
    'anna     00000020 00000152 <a test>       990926-1431 CD   FTP ASC',
  ],
  ['ORDERS!ANNA.GDG(+01)|f|||', 'SALES!ANNA.A|f|||', 'anna|d|||', 'a test|f|152|1999-09-26T14:31|anna'],
)

readsListing(
  'headings and sums of routers and of DOS',
  [
    ' Volume - drive 1:',
    ' Directory of 1:',
    '',
    ' File Name            Size    Date     Day       Time',
    ' ------------------------------------------------------',
    ' config               1720  07/25/03  Fri.     08:52:00',
    '',
    '  33554432 bytes - Total size',
    '  25627726 bytes - Available free space',
    'COMMAND.COM   54645  06-10-94  10:00',
    '---- 123456 Bytes Available',
    'my papers/                      0  10-23-2003 01:01',
  ],
  [
    'config|f|1720|2003-07-25T08:52:00|',
    'COMMAND.COM|f|54645|1994-06-10T10:00|',
    'my papers|d|0|2003-10-23T01:01|',
  ],
)
