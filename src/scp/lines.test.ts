import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../core/error.ts'
import { formatLine, isName, parseLine, type ScpLine } from './lines.ts'

const golden: readonly [Exclude<ScpLine, { kind: 'trouble' }>, string][] = [
  [{ kind: 'file', mode: 0o644, size: 12, name: 'a b' }, 'C0644 12 a b'],
  [{ kind: 'directory', mode: 0o755, name: 'ä' }, 'D0755 0 ä'],
  [{ kind: 'end' }, 'E'],
  [{ kind: 'times', modified: new Date(1_700_000_000_000) }, 'T1700000000 0 1700000000 0'],
]

test('each line is written and read as it travels', () => {
  for (const [line, text] of golden) {
    assert.equal(Buffer.from(formatLine(line)).toString(), `${text}\n`)
    assert.deepEqual(parseLine(Buffer.from(text)), line)
  }
  assert.deepEqual(parseLine(Buffer.from('\u0001scp: no')), {
    kind: 'trouble',
    text: 'scp: no',
    fatal: false,
  })
  assert.deepEqual(parseLine(Buffer.from('\u0002')), { kind: 'trouble', text: '', fatal: true })
})

test('a name that is more than a name, and sizes and modes that are none, break the protocol', () => {
  for (const text of [
    'C0644 1 ../x',
    'C0644 1 /etc/passwd',
    'C0644 1 ..',
    'C0644 1 .',
    'C0644 1 ',
    'C0644 -1 a',
    'C0644 99999999999999999 a',
    'C0644 9999999999999999 a',
    'C644 1 a',
    'C0899 1 a',
    'D0755 0 a/b',
    'T1',
    'X',
    '',
  ])
    assert.throws(() => parseLine(Buffer.from(text)), ProtocolError, text)
})

test('fuzz: any line is one, or breaks the protocol; a name that comes out of it is one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('C0644 1 ', 'D0755 0 ', 'T', 'E', ''),
      fc.string({ unit: 'binary' }),
      (head, tail) => {
        try {
          const line = parseLine(Buffer.from(head + tail))
          if ('name' in line) assert.ok(isName(line.name))
        } catch (thrown) {
          assert.ok(thrown instanceof ProtocolError, String(thrown))
        }
      },
    ),
    { seed: 1, numRuns: 10_000 },
  )
})
