import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cleanTelnet } from './telnet.ts'

/** `FF F4 ABOR`: two digits are a byte, the rest is text. */
function bytesOf(text: string): Buffer {
  const parts = text.split(' ').filter((part) => part !== '')
  return Buffer.concat(
    parts.map((part) => (/^[0-9A-F]{2}$/.test(part) ? Buffer.from(part, 'hex') : Buffer.from(part))),
  )
}

function clean(text: string): [line: string, answers: string] {
  const { line, answers } = cleanTelnet(bytesOf(text))
  return [Buffer.from(line).toString('latin1'), Buffer.from(answers).toString('hex')]
}

test('a line without Telnet is the same line', () => {
  const line = Buffer.from('RETR naïve 😀')
  const { line: same, answers } = cleanTelnet(line)
  assert.equal(same, line)
  assert.equal(answers.length, 0)
})

test('ABOR is found behind a Synch, whatever of it the system kept back', () => {
  const synchs = [
    'FF F4 FF F2',
    'FF F4 FF',
    'FF F4 F2',
    'FF F4',
    'FF F2',
    'FF',
    'F2',
    'FF F3 FF F4 FF F2',
    '',
  ]
  for (const synch of synchs) assert.deepEqual(clean(`${synch} ABOR`), ['ABOR', ''], synch)
})

test('every option is refused, and a refusal gets no answer', () => {
  assert.deepEqual(clean('FF FB 01 FF FD 03 USER'), ['USER', 'fffe01fffc03'])
  assert.deepEqual(clean('FF FC 01 FF FE 03 USER'), ['USER', ''])
  assert.deepEqual(clean('NO FF FD 18 OP'), ['NOOP', 'fffc18'])
})

test('commands in the middle of a line are dropped', () => {
  assert.deepEqual(clean('NO FF F1 OP FF F6'), ['NOOP', ''])
  assert.deepEqual(clean('NO FF FA 18 01 FF FF FF F0 OP'), ['NOOP', ''])
  assert.deepEqual(clean('NO FF FA 18 FF FF F0 41 FF F0 OP'), ['NOOP', ''])
  assert.deepEqual(clean('NO FF FA OP'), ['NOOP', ''])
})

test('a doubled 0xFF is one, and a single one in a name is a Latin-1 y with dots', () => {
  assert.deepEqual(clean('STOR 20 FF FF'), ['STOR \xff', ''])
  assert.deepEqual(clean('STOR 20 FF FF FF FF z'), ['STOR \xff\xffz', ''])
  assert.deepEqual(clean('STOR 20 a FF b'), ['STOR a\xffb', ''])
  assert.deepEqual(clean('STOR 20 a FF'), ['STOR a\xff', ''])
  assert.deepEqual(clean('STOR 20 a F2'), ['STOR a\xf2', ''])
})

test('a sequence that the line cuts off is dropped and not answered', () => {
  for (const cut of ['FF FD', 'FF FB', 'FF FA', 'FF FA 01 FF', 'FF F4']) {
    assert.deepEqual(clean(`NOOP ${cut}`), ['NOOP' + (cut === 'FF FA 01 FF' ? '\x01\xff' : ''), ''], cut)
  }
})

test('any bytes: nothing is invented, and each answer refuses an option', () => {
  const spiced = fc.array(
    fc.oneof(fc.constantFrom(255, 254, 253, 252, 251, 250, 242, 240, 65), fc.nat(255)),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(spiced, (values) => {
      const bytes = Uint8Array.from(values)
      const { line, answers } = cleanTelnet(bytes)
      assert.ok(line.length <= bytes.length)
      assert.ok(answers.length <= bytes.length)
      for (let at = 0; at < answers.length; at += 3) {
        assert.equal(answers[at], 255)
        assert.ok([252, 254].includes(answers[at + 1] ?? 0))
      }
    }),
    { numRuns: 500 },
  )
})

test('a line with each 0xFF doubled, as a Telnet client sends it, is the line that was meant', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (meant) => {
      const line = [65, ...meant]
      const doubled = Uint8Array.from(line.flatMap((byte) => (byte === 255 ? [255, 255] : [byte])))
      assert.deepEqual([...cleanTelnet(doubled).line], line)
    }),
  )
})
