import { fileBytes } from './files.ts'
import { say, type FtpScenario, type FtpScript, type Step } from './script.ts'

function list(name: string, about: string, script: FtpScript, names: readonly string[]): FtpScenario {
  return { name, about, operation: 'list', script, outcome: { kind: 'names', names } }
}

function empty(code: number): FtpScript {
  const refusal: readonly Step[] = [say(`${code} No files found`)]
  return { files: {}, answers: { LIST: [refusal], NLST: [refusal] } }
}

const latin1 = new Uint8Array(Buffer.from('-rw-r--r-- 1 ftp ftp 5 Jan  2  2026 caf\xe9.txt\r\n', 'latin1'))

/** Servers whose listings are odd. */
const listScenarios: readonly FtpScenario[] = [
  list('list', 'a Unix listing', {}, ['file.bin']),
  list('list-550', 'an empty directory is answered 550', empty(550), []),
  list('list-450', 'an empty directory is answered 450', empty(450), []),
  list('list-latin1', 'a name is in Latin-1', { listing: latin1 }, ['caf\udce9.txt']),
  list(
    'list-vms',
    'a listing of VMS',
    {
      listing:
        'Directory DISK$USER:[ANONYMOUS]\r\n\r\nDOCS.DIR;1   1  19-NOV-2001 21:41 [ROOT] (RWE,RWE,RE,RE)\r\n' +
        'A_NAME_THAT_IS_LONG.TXT;1\r\n       12/14    2-JUL-2003 10:30:13  [ROOT]  (RWED,RWED,RE,)\r\n\r\nTotal of 2 files, 13/15 blocks\r\n',
    },
    ['DOCS', 'A_NAME_THAT_IS_LONG.TXT'],
  ),
  list(
    'list-eplf',
    'a listing in EPLF',
    { listing: '+i8388621.48594,m825718503,r,s280,\ta b\r\n+i1.2,/,\td\r\n' },
    ['a b', 'd'],
  ),
  list(
    'list-as400',
    'a listing of IBM i',
    {
      listing:
        'QSYS            77824 02/23/00 15:09:55 *DIR       d/\r\nQSYS  5 02/23/00 15:09:55 *STMF      f x\r\n',
    },
    ['d', 'f x'],
  ),
  list(
    'list-marks',
    'a sum, a mark behind the mode, numbers for owners, two spaces in a name',
    { listing: 'total 4\r\n-rw-rw-r--@ 1 501 20 5 Jan  2  2026 a  b\r\n' },
    ['a  b'],
  ),
  list(
    'list-unknown',
    'some lines are of no known form',
    { listing: 'what?\r\n-rw-r--r-- 1 u g 5 Jan  2  2026 a\r\n', files: { '/a': 'bytes' } },
    ['a'],
  ),
  list(
    'list-half-known',
    'the line of one file is of no known form, and NLST tells its name',
    {
      listing: 'b, which is the second file\r\n-rw-r--r-- 1 u g 5 Jan  2  2026 a\r\n',
      files: { '/a': 'bytes', '/b': 'more' },
    },
    ['a', 'b'],
  ),
  list(
    'list-alien',
    'no line is of a known form, and NLST tells the names',
    { listing: 'file the first is called file.bin\r\nand there are no more\r\n' },
    ['file.bin'],
  ),
  list(
    'list-mlsd',
    'MLSD, with facts in odd case and order',
    {
      facts: 'SIZE=5;x.y=z;TYPE=FILE;Modify=20260102030405;  lead\r\ntype=cdir; .\r\ntype=dir; d\r\n',
    },
    [' lead', 'd'],
  ),
]

/** Servers that mean harm by names, write odd paths, or lose uploads. */
const restScenarios: readonly FtpScenario[] = [
  {
    name: 'pwd-quotes',
    about: 'PWD tells a name with doubled quotes',
    operation: 'download',
    script: {
      files: { '/file.bin': fileBytes, '/a"b/file.bin': fileBytes },
      answers: { PWD: [[say('257 "/a""b" is the current directory')]] },
    },
    outcome: { kind: 'whole' },
  },
  {
    name: 'pwd-bare',
    about: 'PWD tells a name without quotes',
    operation: 'download',
    script: { answers: { PWD: [[say('257 / is the current directory')]] } },
    outcome: { kind: 'whole' },
  },
  {
    name: 'names-outside',
    about: 'names in a listing lead out of the directory',
    operation: 'tree',
    script: {
      facts:
        'type=file;size=4; ../evil.bin\r\ntype=file;size=4; /tmp/evil.bin\r\ntype=file;size=4; good.bin\r\n',
      files: { '/good.bin': 'good', '/../evil.bin': 'evil', '/tmp/evil.bin': 'evil' },
    },
    outcome: { kind: 'names', names: ['good.bin'] },
  },
  {
    name: 'upload',
    about: 'an upload to a server without faults',
    operation: 'upload',
    script: { files: {} },
    outcome: { kind: 'whole' },
  },
  {
    name: 'upload-cut-226',
    about: 'the server keeps 40 % of an upload and says 226',
    operation: 'upload',
    script: {
      files: {},
      answers: {
        STOR: [[say('150 Ready'), { kind: 'receive' }, say('226 Stored')]],
        SIZE: [[say(`213 ${fileBytes.length * 0.4}`)]],
      },
    },
    outcome: { kind: 'error' },
  },
  {
    name: 'upload-226-first',
    about: 'STOR is answered 226 before a byte is sent, and nothing is kept',
    operation: 'upload',
    script: {
      files: {},
      answers: { STOR: [[say('226 Stored')]], SIZE: [[say('550 No such file')]] },
    },
    outcome: { kind: 'error' },
  },
  {
    name: 'upload-552',
    about: 'the disk is full in the middle of an upload',
    operation: 'upload',
    script: {
      files: {},
      answers: {
        STOR: [
          [say('150 Ready'), { kind: 'receive', bytes: 40_000 }, { kind: 'cut-data' }, say('552 Disk full')],
        ],
      },
    },
    outcome: { kind: 'error', says: /552|full|space|room/iu },
  },
  {
    name: 'upload-no-226',
    about: 'an upload is never answered',
    operation: 'upload',
    script: { files: {}, answers: { STOR: [[say('150 Ready'), { kind: 'receive' }, { kind: 'stall' }]] } },
    outcome: { kind: 'whole-or-error' },
  },
]

/** All that are not downloads of one file. */
export const otherScenarios: readonly FtpScenario[] = [...listScenarios, ...restScenarios]
