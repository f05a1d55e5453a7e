import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../core/error.ts'
import { decodeText } from '../../core/text.ts'
import { decodeReply, formatReply, reply } from './reply.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const formatted = (code: number, ...lines: string[]): string =>
  Buffer.from(formatReply(reply(code, ...lines))).toString('latin1')
const decode = (text: string): unknown => decodeReply(latin1(text))

test('a reply of one line is its code, a space and the text', () => {
  assert.equal(formatted(226, 'Done.'), '226 Done.\r\n')
  assert.equal(formatted(200), '200 \r\n')
})

test('a reply of several lines: no line between can look like the last', () => {
  assert.equal(
    formatted(211, 'Features:', 'UTF8', '211 End', '211-x', 'End'),
    '211-Features:\r\n UTF8\r\n 211 End\r\n 211-x\r\n211 End\r\n',
  )
  assert.equal(formatted(211, 'a', 'b'), '211-a\r\n211 b\r\n')
})

test('no text can begin a line of its own', () => {
  assert.equal(formatted(257, '"a\r\n226 b\0"'), '257 "a??226 b?"\r\n')
  assert.equal(formatted(211, 'a\nb', 'c\rd', 'e\nf'), '211-a?b\r\n c?d\r\n211 e?f\r\n')
})

test('raw bytes go back as they came, 0xFF doubled for Telnet', () => {
  const name = decodeText(latin1('\xe9\xff'))
  assert.equal(formatted(257, `"${name}"`), '257 "\xe9\xff\xff"\r\n')
})

test('a reply comes whole or not yet', () => {
  assert.deepEqual(decode('226 Done.\r\n150 next'), { value: reply(226, 'Done.'), used: 11 })
  assert.deepEqual(decode('226 Done.\n'), { value: reply(226, 'Done.'), used: 10 })
  assert.deepEqual(decode('226\r\n'), { value: reply(226, ''), used: 5 })
  for (const part of ['', '2', '226', '226 Done.', '226 Done.\r', '226-a\r\n', '226-a\r\n226']) {
    assert.equal(decode(part), undefined, part)
  }
})

test('all forms of a reply of several lines are read', () => {
  const text =
    '230-first\r\n230-with code\r\n without\r\nbare\r\n  two\r\n226 other\r\n2300 digits\r\n\r\n230 last\r\n'
  const lines = ['first', 'with code', 'without', 'bare', ' two', '226 other', '2300 digits', '', 'last']
  assert.deepEqual(decode(text), { value: { code: 230, lines }, used: text.length })
  assert.deepEqual(decode('211-a\r\n211\r\n'), { value: reply(211, 'a', ''), used: 12 })
})

test('empty lines before a reply are passed over', () => {
  assert.deepEqual(decode('\r\n\n226 Done.\r\n'), { value: reply(226, 'Done.'), used: 14 })
  assert.equal(decode('\r\n'), undefined)
})

test('what does not begin with a code is the peer breaking the protocol', () => {
  for (const text of [
    'SSH-2.0-OpenSSH\r\n',
    '22 x\r\n',
    '2266 x\r\n',
    '726 x\r\n',
    '226x\r\n',
    ' 226 x\r\n',
  ]) {
    assert.throws(() => decode(text), ProtocolError, text)
  }
})

test('a reply longer than the limit is refused, ended or not, cut or whole', () => {
  const whole = latin1('211-a\r\n b\r\n211 c\r\n')
  assert.equal(decodeReply(whole, whole.length)?.used, whole.length)
  assert.equal(decodeReply(Buffer.concat([whole, whole]), whole.length)?.used, whole.length)
  assert.throws(() => decodeReply(whole, whole.length - 1), ProtocolError)
  assert.throws(() => decodeReply(whole.subarray(0, 13), 12), ProtocolError)
  assert.equal(decodeReply(whole.subarray(0, 12), 12), undefined)
})

const anyLine = fc
  .uint8Array({ maxLength: 30 })
  .map((bytes) => decodeText(bytes.filter((byte) => ![0, 10, 13].includes(byte))))
const anyReply = fc
  .tuple(fc.integer({ min: 100, max: 699 }), fc.array(anyLine, { minLength: 1, maxLength: 6 }))
  .map(([code, lines]) => reply(code, ...lines))

test('any reply survives the wire, and is not there before its last byte', () => {
  fc.assert(
    fc.property(anyReply, anyReply, (first, second) => {
      const bytes = Buffer.concat([formatReply(first), formatReply(second)])
      const one = decodeReply(bytes)
      assert.ok(one)
      assert.deepEqual(one.value, first)
      assert.deepEqual(decodeReply(bytes.subarray(one.used))?.value, second)
      for (let end = 0; end < one.used; end += 1) assert.equal(decodeReply(bytes.subarray(0, end)), undefined)
    }),
  )
})

test('any bytes are a reply, not yet one, or a ProtocolError', () => {
  const spiced = fc.array(fc.constantFrom('226', '-', ' ', '\r\n', '\n', '\r', '1', 'x', '\xff', '\0'), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(spiced, (parts) => {
      const bytes = latin1(parts.join(''))
      try {
        const decoded = decodeReply(bytes, 40)
        assert.ok(decoded === undefined || (decoded.used > 0 && decoded.used <= bytes.length))
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
      }
    }),
    { numRuns: 1000 },
  )
})
