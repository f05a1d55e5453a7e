import { readsListing } from '../../../testing/reads-listing.ts'

readsListing(
  'MLSD and MLST',
  [
    'type=file;size=1024;modify=20260131101112; a b',
    ' Type=dir;Modify=20260131101112.345;Perm=el; d;x= y',
    'modify=20260131101112;UNIX.mode=0644;X.unknown=1;unix.owner=anna;TYPE=FILE;sIZE=5;  lead',
    'Type=cdir;Modify=20260131101112; /home',
    'Type=pdir;Modify=20260131101112; /',
    'type=OS.unix=slink:/a/b c;size=3; l',
    'type=OS.unix=symlink; m',
    'size=7;modify=19991231235959 old',
    'type=file;modify=191000131101112; bug',
  ],
  [
    'a b|f|1024|2026-01-31T10:11:12Z|',
    'd;x= y|d||2026-01-31T10:11:12.345Z|',
    ' lead|f|5|2026-01-31T10:11:12Z|anna',
    'l|l|3||',
    'm|l|||',
    'old|f|7|1999-12-31T23:59:59Z|',
    'bug|f||2000-01-31T10:11:12Z|',
  ],
)

readsListing(
  'EPLF',
  ['+i8388621.48594,m825718503,r,s280,up755\ta file', '+i8388621.50690,m824255907,/,\td', '+s1, x'],
  ['a file|f|280|1996-03-01T22:15:03Z|', 'd|d||1996-02-13T23:58:27Z|', 'x|f|1||'],
)

readsListing(
  'Windows',
  [
    ' Volume in drive C has no label.',
    ' Directory of C:\\pub',
    '',
    '04-27-00  12:09PM       <DIR>          a dir',
    '04-14-00  12:47AM                  589  lead',
    '2002-09-02  18:48       <DIR>          long year',
    '2002-09-02  19:06                9,730 comma',
    '02.09.2002  19:06                9.730 point',
    '09/02/2002  07:06 PM     1,234,567,890 slash',
    '01-16-02  11:14AM       <JUNCTION>     j [C:\\x y]',
    '01-16-02  11:14AM       <SYMLINKD>     s',
    '01-16-02  23:14                      0 a [b]',
    '               2 File(s)        10,319 bytes',
  ],
  [
    'a dir|d||2000-04-27T12:09|',
    ' lead|f|589|2000-04-14T00:47|',
    'long year|d||2002-09-02T18:48|',
    'comma|f|9730|2002-09-02T19:06|',
    'point|f|9730|2002-09-02T19:06|',
    'slash|f|1234567890|2002-09-02T19:06|',
    'j|l||2002-01-16T11:14|',
    's|l||2002-01-16T11:14|',
    'a [b]|f|0|2002-01-16T23:14|',
  ],
)

readsListing(
  'a day before the month, as a later line proves',
  ['04-05-2000  12:09       <DIR>          a', '27-04-2000  12:09       <DIR>          b'],
  ['a|d||2000-05-04T12:09|', 'b|d||2000-04-27T12:09|'],
)

readsListing(
  'Windows in other languages',
  [
    ' Volume in Laufwerk C: hat keine Bezeichnung.',
    ' Volumeseriennummer: 1C7A-4F2B',
    ' Verzeichnis von C:\\ftp',
    '01.03.2024  10:05    <DIR>          Ordner',
    '01.03.2024  10:05         1.234.567 Datei',
    '               1 Datei(en)      1.234.567 Bytes',
    '               2 Verzeichnis(se), 10.000.000.000 Bytes frei',
    ' Répertoire de C:\\ftp',
    '01/03/2024  10:05    <REP>          sous',
    '25/03/2024  10:05         1\u00a0234\u00a0567 fichier',
    '               1 fichier(s)        1 234 567 octets',
  ],
  [
    'Ordner|d||2024-03-01T10:05|',
    'Datei|f|1234567|2024-03-01T10:05|',
    'sous|d||2024-03-01T10:05|',
    'fichier|f|1234567|2024-03-25T10:05|',
  ],
)

readsListing(
  'Windows whose dates and times have several words',
  [
    '2024/01/05  下午 02:48    <DIR>          資料夾',
    '2024/01/05  上午 12:48             1,234 檔案',
    '2024-01-05 周五  14:48               234 weekday',
    '2024. 01. 05.  14:48    <DIR>          mappa',
    '2024. 01. 25.  14:48               234 fájl',
  ],
  [
    '資料夾|d||2024-01-05T14:48|',
    '檔案|f|1234|2024-01-05T00:48|',
    'weekday|f|234|2024-01-05T14:48|',
    'mappa|d||2024-01-05T14:48|',
    'fájl|f|234|2024-01-25T14:48|',
  ],
)

readsListing(
  'Windows in Spanish and Greek, whose halves of a day are no AM and PM',
  [
    '25/01/2024  12:09 p. m.    <DIR>          carpeta',
    '05/01/2024  09:08 a. m.             1.234 archivo',
    '05/01/2024  02:48 μμ    <DIR>          φάκελος',
    '05/01/2024  02:48 πμ               234 αρχείο',
  ],
  [
    'carpeta|d||2024-01-25T12:09|',
    'archivo|f|1234|2024-01-05T09:08|',
    'φάκελος|d||2024-01-05T14:48|',
    'αρχείο|f|234|2024-01-05T02:48|',
  ],
)

readsListing(
  'dates in the one order that does not lead into the future',
  ['05-11-04  12:09       <DIR>          a', '07-02-26  12:09       <DIR>          b'],
  ['a|d||2004-11-05T12:09|', 'b|d||2026-02-07T12:09|'],
)

readsListing(
  'days of two digits beside years of four, which say nothing of them',
  ['2024-01-05  10:11       <DIR>          a', '01-05-98  10:11       <DIR>          b'],
  ['a|d||2024-01-05T10:11|', 'b|d||1998-01-05T10:11|'],
)

readsListing(
  'VMS',
  [
    'Directory DISK$USER:[ANONYMOUS]',
    '',
    'DOCS.DIR;1                 1  19-NOV-2001 21:41 [ROOT,BILL] (RWE,RWE,RE,RE)',
    'FILE.TXT;3             155/160   2-JUL-2003 10:30:13.64',
    'FILE.TXT;2             155   2-JUL-2003 10:30:13',
    'NOTIME.;1    2/8    7-JAN-2000    [STF_ANN]   (RWED,RWED,RE,)',
    'FRENCH.EXT;1    6/8    15-JUI-2002    PRONAS   (RWED,RWED,RE,)',
    'A_VERY_LONG_NAME_THAT_WRAPS.TXT;1',
    '                    170774/170775     24-APR-2003 08:16:15  [FTP_CLIENT,SCOT]      (RWED,RWED,RE,)',
    'SECRET.;1    %RMS-E-PRV, insufficient privilege or file protection violation',
    'CII-MANUAL.TEX  213/216  29-JAN-1996 03:33:12  [ANONYMOU,ANONYMOUS]   (RWED,RWED,,)',
    'SPACED.DAT;1  19-NOV-2001 21:41  9  [ROOT, BILL] (RWE,RWE,RE,RE)',
    '',
    'Total of 6 files, 171234/171300 blocks',
  ],
  [
    'DOCS|d|512|2001-11-19T21:41|BILL',
    'FILE.TXT|f|79360|2003-07-02T10:30:13.640|',
    'FILE.TXT;2|f|79360|2003-07-02T10:30:13|',
    'NOTIME.|f|1024|2000-01-07|STF_ANN',
    'FRENCH.EXT|f|3072|2002-07-15|PRONAS',
    'A_VERY_LONG_NAME_THAT_WRAPS.TXT|f|87436288|2003-04-24T08:16:15|SCOT',
    'SECRET.|f|||',
    'CII-MANUAL.TEX|f|109056|1996-01-29T03:33:12|ANONYMOUS',
    'SPACED.DAT|f|4608|2001-11-19T21:41|BILL',
  ],
)

readsListing(
  'VMS that refuses, has no room for a size, or counts bytes',
  [
    'ANONYMOUS:[000000]',
    '',
    'A_LOG.LOG;23',
    '                   <%SYSTEM-F-NOPRIV, insufficient privilege or object protection violation>',
    'B.BIN;1 no privilege for attempted operation',
    'C.ISO;2        ******  6-MAY-2008 09:29 [ANONY,ANONYMOUS] (RE,RWED,RE,RE)',
    'D.TXT;1  8KB 17-JUN-1994 17:25:37 [A,B] (RWED,RWED,R,)',
    '',
    'Total of 4 Files, 1557541 Blocks.',
    'Grand total of 1 directory, 4 files, 1201 blocks.',
  ],
  [
    'A_LOG.LOG|f|||',
    'B.BIN|f|||',
    'C.ISO|f||2008-05-06T09:29|ANONYMOUS',
    'D.TXT|f|8192|1994-06-17T17:25:37|B',
  ],
)

readsListing(
  'MPE/iX and Unisys MCP',
  [
    ' PATH= /FTPGUEST/PUB/',
    '',
    ' CODE  ------------LOGICAL RECORD-----------  ----SPACE----  FILENAME',
    '         SIZE  TYP        EOF      LIMIT R/B  SECTORS #X MX',
    '          16W  HBD          0   67107839   1       32  1  *  incoming/',
    '         128W  FB         115 2147483647   1       16  1  *  records',
    'A/FILE  SEQDATA  11264  05/11/1995  14:20:00',
  ],
  ['incoming|d|||', 'records|f|29440||', 'A/FILE|f|11264|1995-05-11T14:20:00|'],
)

readsListing(
  'datasets of z/OS',
  [
    'Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname',
    'WYOSPT 3420   2003/05/21  1  200  FB      80  8053  PS  A.FILE',
    'WPTA01 3290   2004/03/04  1    3  FB      80  3125  PO  A.PDS',
    'NRP004 3390   **NONE**    1   15  NONE     0     0  PO-E  A.PDSE',
    'TSO005 3390   2005/06/06 213000 U 0 27998 PO A.BIG',
    'TSO004 3390   VSAM A.VSAM',
    '                                                  VSAM  B.VSAM',
    'Migrated                                               A.OLD',
    'Pseudo Directory                                       B',
    'V43525 Tape                                            A.TAPE',
  ],
  [
    'A.FILE|f||2003-05-21|',
    'A.PDS|d||2004-03-04|',
    'A.PDSE|d|||',
    'A.BIG|d||2005-06-06|',
    'A.VSAM|f|||',
    'B.VSAM|f|||',
    'A.OLD|f|||',
    'B|d|||',
    'A.TAPE|f|||',
  ],
)

readsListing(
  'members of z/OS',
  [
    ' Name     VV.MM   Created       Changed      Size  Init   Mod   Id',
    'MEMBER1   01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001',
    'BARE',
    ' Name      Size     TTR   Alias-of AC--------- Attributes---------Amode Rmode',
    'EZAGACTL  0018B8   000008             00 FO             RN RU            31    ANY',
  ],
  ['MEMBER1|f||2002-10-11T09:37|KIL001', 'BARE|f|||', 'EZAGACTL|f|6328||'],
)

readsListing(
  'the spool of z/OS',
  [
    'JOBNAME  JOBID    OWNER    STATUS CLASS',
    'IBMUSER1 JOB01906 IBMUSER  OUTPUT A        RC=0000 3 spool files',
    'IBMUSER  TSU01830  OUTPUT    3 Spool Files',
    '         ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT',
    '         001 JES2              A JESMSGLG       858',
    '1 spool files',
  ],
  ['JOB01906|f|||IBMUSER', 'TSU01830|f|||IBMUSER', '001|f|858||'],
)

readsListing(
  'z/VM',
  [
    'VAULT    EXEC     V         65        107          6 2005-10-04 15:28:42 060191',
    'DATA     BIN      F         80         10          1  5/31/98 10:00:00 OLD191',
    'SUB               DIR        -          -          - 2005-10-04 15:28:42 -',
  ],
  [
    'VAULT.EXEC|f|6955|2005-10-04T15:28:42|',
    'DATA.BIN|f|800|1998-05-31T10:00:00|',
    'SUB|d||2005-10-04T15:28:42|',
  ],
)

readsListing(
  'IBM i',
  [
    'QSYS            77824 02/23/00 15:09:55 *DIR       a dir/',
    'BAILEYSE     5263360 06/11/97 12:27:39 *FILE     BPTFSAVF',
    'QPGMR                                   *MEM       QCLSRC.PGM1',
    'QDFTOWN         8192 23.12.05 10.11.12 *STMF      text file.txt',
    '                 123 12/23/05 10:11:12 *LIB       L.LIB',
  ],
  [
    'a dir|d|77824|2000-02-23T15:09:55|QSYS',
    'BPTFSAVF|f|5263360|1997-06-11T12:27:39|BAILEYSE',
    'QCLSRC.PGM1|f|||QPGMR',
    'text file.txt|f|8192|2005-12-23T10:11:12|QDFTOWN',
    'L.LIB|d||2005-12-23T10:11:12|123',
  ],
)

readsListing(
  'IBM i, what is no file and names with brackets',
  [
    'QPGMR            8192 06/13/00 10:19:34 *SYMLNK    a link',
    'QPGMR            8192 06/13/00 10:19:34 *FIFO      pipe',
    'QPGMR            8192 06/13/00 10:19:34 *STMF      one (1)',
    'QPGMR            8192 06/13/00 10:19:34 *STMF      two [2]',
    'QPGMR            8192 06/13/00 10:19:34 *STMF      ? three',
  ],
  [
    'a link|l|8192|2000-06-13T10:19:34|QPGMR',
    'pipe|o|8192|2000-06-13T10:19:34|QPGMR',
    'one (1)|f|8192|2000-06-13T10:19:34|QPGMR',
    'two [2]|f|8192|2000-06-13T10:19:34|QPGMR',
    '? three|f|8192|2000-06-13T10:19:34|QPGMR',
  ],
)

readsListing(
  'VMS with noon and with parts of kilobytes',
  [
    'B.TXT;1           118/126        14-APR-1997 02:45:27 PM  [GROUP,OWNER]    (RWED,,RWED,RE)',
    'C.TXT;1   5.5KB 05-MAR-1993 18:09 [A,B] (RWED,,,)',
  ],
  ['B.TXT|f|60416|1997-04-14T14:45:27|OWNER', 'C.TXT|f|5632|1993-03-05T18:09|B'],
)

readsListing(
  'OS/2',
  [
    '36611      A    04-23-103   10:57  a file',
    ' 1123      A    07-14-99   12:37  b',
    '    0 DIR       02-11-103   16:15  c',
    ' 1123 DIR  A    10-05-100   23:38  d',
  ],
  [
    'a file|f|36611|2003-04-23T10:57|',
    'b|f|1123|1999-07-14T12:37|',
    'c|d|0|2003-02-11T16:15|',
    'd|d|1123|2000-10-05T23:38|',
  ],
)

readsListing(
  'NetWare',
  [
    'd [R----F--] supervisor            512       Jan 16 18:53    a dir',
    '- [R----F--] rhesus             214059       Oct 20 15:27    b',
    '-[RWCEAFMS]  1 admin  users  12 Jan 16 2001 c',
    'd[R----F--] admin  512 Jan 16 2001 d',
  ],
  [
    'a dir|d|512|2026-01-16T18:53|supervisor',
    'b|f|214059|2025-10-20T15:27|rhesus',
    'c|f|12|2001-01-16|admin',
    'd|d|512|2001-01-16|admin',
  ],
)

readsListing(
  'NonStop',
  [
    'File         Code             EOF  Last Modification    Owner  RWEP',
    'IARPTS01        101            16354 18-Mar-09 15:09:12 244, 10 "nnnn"',
    'OPEN          O 101              528  6-Apr-07 14:21:18 255,255 "oooo"',
  ],
  ['IARPTS01|f|16354|2009-03-18T15:09:12|244,10', 'OPEN|f|528|2007-04-06T14:21:18|255,255'],
)

readsListing(
  'OS-9',
  [
    ' Owner    Last modified   Attributes Sector Bytecount Name',
    '20.20 07/03/29 1026 d-ewrewr 2650 85920 a dir',
    ' 0.0  94/02/23 0926 --ewrewr 2a50 12 b',
  ],
  ['a dir|d|85920|2007-03-29T10:26|20.20', 'b|f|12|1994-02-23T09:26|0.0'],
)

readsListing(
  'VxWorks',
  [
    '  size          date       time       name',
    '--------       ------     ------    --------',
    '    2048    Feb-28-1998  05:23:30   d <DIR>',
    '     512    Feb-28-1998  05:23:30   f g',
  ],
  ['d|d|2048|1998-02-28T05:23:30|', 'f g|f|512|1998-02-28T05:23:30|'],
)

readsListing(
  'Nortel, 16-bit Windows, VShell, Connect:Enterprise and numbers for modes',
  [
    'a.bin       1014196  06/03/04  Thur.   10:20:03',
    'CMT             <DIR>           11-21-94        10:17',
    'DESIGN1.DOC          11264      05-11-95        14:20',
    '206876  Apr 04, 2000 21:06 a b',
    '0  Dec 12, 2002 02:13 dir/',
    '-C--E-----FTP B BCC3I1       7670  1294495 Jan 13 07:42 file',
    '0100644   500  101   12345    123456789       numbers',
  ],
  [
    'a.bin|f|1014196|2004-06-03T10:20:03|',
    'CMT|d||1994-11-21T10:17|',
    'DESIGN1.DOC|f|11264|1995-05-11T14:20|',
    'a b|f|206876|2000-04-04T21:06|',
    'dir|d|0|2002-12-12T02:13|',
    'file|f|1294495|2026-01-13T07:42|BCC3I1',
    'numbers|f|12345|1973-11-29T21:33:09Z|500',
  ],
)

readsListing(
  'descriptions behind names, known by a later line',
  [
    'README              763  Information about this server',
    'bin/                  -  Programs',
    'TIMIT.mostlikely.Z',
    '                  79215  A corpus',
    'morgan               14  -> ../real/morgan',
    'ls-lR                 0',
  ],
  ['README|f|763||', 'bin|d|||', 'TIMIT.mostlikely.Z|f|79215||', 'morgan|l|14||', 'ls-lR|f|0||'],
)

readsListing(
  'dialects that are mixed in one listing',
  [
    '04-27-00  12:09PM       <DIR>          dos',
    '-rw-r--r--   1 root     other        531 Jan 29 03:26 unix',
    'VMS.TXT;1   2   7-JAN-2000 10:00   [STF_ANN]   (RWED,RWED,RE,)',
    'type=file;size=1; facts',
    '+s1,r,\teplf',
  ],
  [
    'dos|d||2000-04-27T12:09|',
    'unix|f|531|2026-01-29T03:26|root',
    'VMS.TXT|f|1024|2000-01-07T10:00|STF_ANN',
    'facts|f|1||',
    'eplf|f|1||',
  ],
)
