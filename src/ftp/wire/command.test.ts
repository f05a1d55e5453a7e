import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { encodeText } from '../../core/text.ts'
import { parseCommand } from './command.ts'

const parse = (line: string): { verb: string; argument: string } => parseCommand(Buffer.from(line, 'latin1'))

test('a command is a verb, one space and an argument', () => {
  assert.deepEqual(parse('NOOP'), { verb: 'NOOP', argument: '' })
  assert.deepEqual(parse('user anna'), { verb: 'USER', argument: 'anna' })
  assert.deepEqual(parse('xsha256 a b'), { verb: 'XSHA256', argument: 'a b' })
  assert.deepEqual(parse(' \tPWD'), { verb: 'PWD', argument: '' })
  assert.deepEqual(parse('PASS '), { verb: 'PASS', argument: '' })
})

test('spaces, dashes and quotes are part of a name', () => {
  for (const name of [' lead', 'trail ', '  ', '-rf', '--', '"quoted"', "it's", 'a\tb', '\ttab', 'a=b;c']) {
    assert.deepEqual(parse(`STOR ${name}`), { verb: 'STOR', argument: name })
  }
})

test('CR NUL is a CR of a name, a lone NUL is left for the path to refuse', () => {
  assert.deepEqual(parse('STOR a\r\0b'), { verb: 'STOR', argument: 'a\rb' })
  assert.deepEqual(parse('STOR a\r\0'), { verb: 'STOR', argument: 'a\r' })
  assert.deepEqual(parse('STOR a\0b'), { verb: 'STOR', argument: 'a\0b' })
})

test('what does not begin with a word has no verb, and is argument as a whole', () => {
  for (const line of [
    '',
    ' ',
    '123 x',
    'Host: example',
    'US\0ER x',
    '\x16\x03\x01\x02',
    'USER\tanna',
    'É x',
    'A'.repeat(17),
  ]) {
    assert.equal(parse(line).verb, '', JSON.stringify(line))
  }
  assert.equal(parse('Host: example').argument, 'Host: example')
  assert.deepEqual(parse('GET / HTTP/1.1'), { verb: 'GET', argument: '/ HTTP/1.1' })
})

test('an argument of any bytes comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const line = Buffer.concat([Buffer.from('STOR '), bytes])
      const { verb, argument } = parseCommand(line)
      assert.equal(verb, 'STOR')
      const wanted = Buffer.from(bytes).toString('latin1').replaceAll('\r\0', '\r')
      assert.equal(Buffer.from(encodeText(argument)).toString('latin1'), wanted)
    }),
    { numRuns: 500 },
  )
})

test('no line makes the parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.match(parseCommand(bytes).verb, /^(?:[A-Z][A-Z0-9]{0,15})?$/)
    }),
    { numRuns: 500 },
  )
})
