import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, constantFrom, integer, property } from 'fast-check'
import { FromNetascii, toNetascii } from './netascii.ts'

test('RFC 1350 netascii: LF travels as CR LF, and CR as CR NUL', () => {
  assert.equal(Buffer.from(toNetascii(Buffer.from('a\nb\rc\r\n'))).toString(), 'a\r\nb\r\0c\r\0\r\n')
})

test('RFC 1350 netascii: comes back the same, wherever blocks are cut', () => {
  const text = array(constantFrom(10, 13, 0, 97), { maxLength: 60 })
  check(
    property(text, integer({ min: 1, max: 9 }), (bytes, cut) => {
      const sent = toNetascii(Uint8Array.from(bytes))
      const lines = new FromNetascii()
      const pieces: Uint8Array[] = []
      for (let at = 0; at < sent.length; at += cut) pieces.push(lines.decode(sent.subarray(at, at + cut)))
      pieces.push(lines.end())
      assert.deepEqual(Buffer.concat(pieces), Buffer.from(bytes))
    }),
  )
})

test('a bare CR of a sloppy client is kept, also as the last byte', () => {
  const lines = new FromNetascii()
  const pieces = [lines.decode(Buffer.from('a\rb\r')), lines.decode(Buffer.from('\r')), lines.end()]
  assert.equal(Buffer.concat(pieces).toString(), 'a\rb\r\r')
})
