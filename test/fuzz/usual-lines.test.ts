import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { dos } from '../../src/ftp/wire/listings/dos.ts'
import { facts } from '../../src/ftp/wire/listings/facts.ts'
import { entryOfFound, type FilledEntry } from '../../src/ftp/wire/listings/listed-entry.ts'
import { remark, type ReadLine } from '../../src/ftp/wire/listings/listed.ts'
import { Reading } from '../../src/ftp/wire/listings/reading.ts'
import { unix } from '../../src/ftp/wire/listings/unix.ts'
import { usualDos } from '../../src/ftp/wire/listings/usual-dos.ts'
import { UsualUnix } from '../../src/ftp/wire/listings/usual-unix.ts'
import { Words } from '../../src/ftp/wire/listings/words.ts'
import { forAWhile } from './for-a-while.ts'

/* Lines as nearly all servers write them, and nearly such: the quick readers read them as the thorough ones do, or leave them to those. */
const now = Date.parse('2026-03-10T12:00:00Z')

/** One of the first as a rule, at times one of all. */
function mostly(usual: readonly string[], rare: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  )
}

const gap = mostly([' ', '  ', '    '], ['\t', '', ' \t '])
// prettier-ignore
const name = mostly(
  ['a', 'a b', ' a', 'l -> t', 'a=b; c', '2024.txt'],
  ['', ' ', '.', '..', './', '12:34', '12:34 a', '1.23 x', 'am x', 'AM x', 'p.m. x', 'a.m.', '上午 1', 'x/', '\t', '+0200 x', 'CEST 2004 x'],
)

// prettier-ignore
const unixLine = fc
  .tuple(
    mostly(
      ['-rw-r--r--', 'drwxr-xr-x', 'lrwxrwxrwx', '-rw-------'],
      ['-rwsr-xr-t', 'drwxrwxrwt+', '-rw-r--r--.', '-rw-r--r--@', '-rw-r--r--5', 'crw-rw-rw-', '-rw-r--r', '?rw-r--r--', 'dxxx------', ' -rw-r--r--'],
    ),
    gap,
    mostly(['1', '12'], ['', '1a', 'a', '-1', '123456789012345678901']), gap,
    mostly(['anna', 'root', '1000'], ['', '123456789012345678901', 'folder', '0']), gap,
    mostly(['staff', '100', 'users'], ['', 'domain users', '1.5k', '0']), gap,
    mostly(['531', '0', '4096', '99999999999'], ['', '9,730', '12K', '-4', '1,', '18446744073709551616', '123456789012345678901']), gap,
    mostly(['Jan', 'Feb', 'Mar', 'Dec'], ['jan', 'Mai', 'M\xe4r', 'Jan.', '01', 'Foo', '29']), gap,
    mostly(['1', '28', '29', '08'], ['0', '30', '31', '32', '031', '8.', 'Jan', '']), gap,
    mostly(['03:26', '23:59', '2019', '1999'], ['24:00', '25:00', '12:60', '9:05', '03:26:12', '0999', '1600', '3000', '2019,', '', '09.05']), gap,
    name,
  )
  .map((parts) => parts.join(''))

// prettier-ignore
const dosLine = fc
  .tuple(
    mostly(
      ['04-14-00', '12-31-99', '31-12-99', '04/14/2000', '14.04.2026', '99-12-31'],
      ['4-14-00', '04-14.00', '04-14-000', '13-13-13', '02-30-24', '2000-04-14', ' 04-14-00', '04:14:00', '04-14-0'],
    ),
    gap,
    mostly(['12:47AM', '01:00PM', '23:14'], ['13:00PM', '00:10AM', '1:47AM', '12:47 PM', '12.47', '12:47A', '24:00', '12:47:11', '']), gap,
    mostly(['<DIR>', '589', '0'], ['<dir>', '<JUNCTION>', '9,730', 'PM', '', '<DIR', '<DIR>x', '123456789012345678901', '12a']), gap,
    name,
  )
  .map((parts) => parts.join(''))

for (const [family, line, usual, thorough, read] of [
  [
    'Unix',
    unixLine,
    (reading: Reading) => {
      const lines = new UsualUnix(reading)
      return (line: string) => lines.read(line)
    },
    unix,
    0.3,
  ],
  ['Windows', dosLine, (reading: Reading) => (line: string) => usualDos(line, reading), dos, 0.3],
] as const) {
  test(`lines of ${family} are read in one walk as they are read word by word`, () => {
    let [quick, all] = [0, 0]
    forAWhile(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const [quickly, thoroughly] = [new Reading(now), new Reading(now)]
        const readQuickly = usual(quickly)
        for (const each of lines) {
          all += 1
          const entry = readQuickly(each)
          const expected = readBy(thorough, each, thoroughly)
          if (entry !== undefined) {
            quick += 1
            // Facts are looked for behind the quick readers, and before the thorough ones.
            assert.equal(facts(each), undefined)
          }
          assert.deepEqual(entry ?? readBy(thorough, each, quickly), expected)
          assert.equal(quickly.isContradicted, thoroughly.isContradicted)
        }
      }),
      0.5,
    )
    assert.ok(quick > all * read, `only ${quick} of ${all} lines were read quickly`)
  })
}

function readBy(thorough: ReadLine, line: string, reading: Reading): FilledEntry | undefined {
  const found = thorough(new Words().take(line), reading)
  return found === undefined || found === remark || !('name' in found) ? undefined : entryOfFound(found, line)
}
