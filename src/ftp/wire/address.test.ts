import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalAddress } from '../../core/address.ts'
import {
  formatEpsvPort,
  formatEprt,
  formatPort,
  parseEprt,
  parseEpsvReply,
  parsePasvReply,
  parsePort,
} from './address.ts'

const port = fc.integer({ min: 1, max: 65_535 })
const byte = fc.nat(255)
const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'))

test('PORT takes six numbers of a byte each and nothing else', () => {
  assert.deepEqual(parsePort('192,168,0,1,4,1'), { address: '192.168.0.1', port: 1025 })
  assert.deepEqual(parsePort('255,255,255,255,255,255'), { address: '255.255.255.255', port: 65_535 })
  const wrong = [
    '',
    '1,2,3,4,5',
    '1,2,3,4,5,6,7',
    '256,2,3,4,5,6',
    '1,2,3,4,256,6',
    '1,2,3,4,0,0',
    '1,2,3,4,5,-6',
    ' 1,2,3,4,5,6',
  ]
  wrong.push(
    '1,2,3,4,5,6 ',
    '1,2,3,4,5,',
    '1,2,3,4,5,6\r',
    '1.2.3.4,5,6',
    '1,2,3,4,0x5,6',
    '1,2,3,4,5,6.0',
    '+1,2,3,4,5,6',
    '0001,2,3,4,5,6',
  )
  for (const argument of wrong) assert.equal(parsePort(argument), undefined, argument)
})

test('any IPv4 peer survives PORT, EPRT and a 227 reply', () => {
  fc.assert(
    fc.property(ipv4, port, (address, port) => {
      const peer = { address, port }
      assert.deepEqual(parsePort(formatPort(peer)), peer)
      assert.deepEqual(parseEprt(formatEprt(peer)), { kind: 'peer', peer })
      assert.deepEqual(parsePasvReply(`Entering Passive Mode (${formatPort(peer)}).`), peer)
      assert.equal(parseEpsvReply(`Entering Extended Passive Mode ${formatEpsvPort(port)}`), port)
    }),
  )
})

test('an IPv6 peer has no PORT', () => {
  assert.throws(() => formatPort({ address: '::1', port: 1 }))
})

const peerOf = (argument: string): unknown => {
  const parsed = parseEprt(argument)
  return parsed.kind === 'peer' ? parsed.peer : parsed.kind
}

test('EPRT takes any delimiter, both families and strict addresses', () => {
  assert.deepEqual(peerOf('|1|132.235.1.2|6275|'), { address: '132.235.1.2', port: 6275 })
  assert.deepEqual(peerOf('|2|1080::8:800:200C:417A|5282|'), { address: '1080::8:800:200c:417a', port: 5282 })
  assert.deepEqual(peerOf('|2|::ffff:10.0.0.1|99|'), { address: '10.0.0.1', port: 99 })
  assert.deepEqual(peerOf('!1!1.2.3.4!65535!'), { address: '1.2.3.4', port: 65_535 })
  assert.deepEqual(peerOf('~2~::1~1~'), { address: '::1', port: 1 })
  for (const unknown of ['|3|x|1|', '|0|1.2.3.4|1|', '|01|1.2.3.4|1|', '|12|1.2.3.4|1|']) {
    assert.equal(peerOf(unknown), 'unknown-family', unknown)
  }
  const malformed = [
    '',
    '|',
    '||||',
    '|1|1.2.3.4|1',
    '1|1.2.3.4|1|',
    '|1|1.2.3.4|1||',
    '|1|1.2.3.4|1|x',
    '|1|1.2.3.4|0|',
    '|1|1.2.3.4|65536|',
  ]
  malformed.push(
    '|1|::1|1|',
    '|2|1.2.3.4|1|',
    '|1|256.2.3.4|1|',
    '|2|fe80::1%eth0|1|',
    '|x|1.2.3.4|1|',
    '|-1|1.2.3.4|1|',
    '| 1|1.2.3.4|1|',
  )
  malformed.push(
    ' 1 1.2.3.4 1 ',
    '\x7f1\x7f1.2.3.4\x7f1\x7f',
    '|1|1.2.3.4| 1|',
    '|1|1.2.3.4|1.0|',
    '|1|host|1|',
    'é1é1.2.3.4é1é',
    ':2:::1:1:',
  )
  for (const argument of malformed) assert.equal(peerOf(argument), 'malformed', argument)
})

test('any IPv6 peer survives EPRT, its zone does not', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), port, (groups, port) => {
      const address = canonicalAddress(groups.map((group) => group.toString(16)).join(':'))
      assert.deepEqual(parseEprt(formatEprt({ address, port })), { kind: 'peer', peer: { address, port } })
    }),
  )
  assert.equal(formatEprt({ address: 'fe80::1%eth0', port: 7 }), '|2|fe80::1|7|')
})

test('the numbers of a 227 are found in all that servers write', () => {
  const peer = { address: '10.1.2.3', port: 1025 }
  for (const text of [
    'Entering Passive Mode (10,1,2,3,4,1).',
    'Entering Passive Mode 10,1,2,3,4,1',
    '=10,1,2,3,4,1',
    'Passive mode OK (10, 1, 2, 3, 4, 1)',
    'Entering Passive Mode. (010,001,002,003,004,001)',
    'You are user 17 of 50. (10,1,2,3,4,1)',
  ]) {
    assert.deepEqual(parsePasvReply(text), peer, text)
  }
  for (const text of [
    '',
    'no',
    '(10,1,2,3,4)',
    '(10,1,2,3,4,256)',
    '(10,1,2,3,4,1000)',
    '(10,1,2,3,0,0)',
    '(1010,1,2,3,4,1)',
  ]) {
    assert.equal(parsePasvReply(text), undefined, text)
  }
})

test('the port of a 229 is found with any delimiter', () => {
  assert.equal(parseEpsvReply('Entering Extended Passive Mode (|||6446|)'), 6446)
  assert.equal(parseEpsvReply('ok (!!!1!)'), 1)
  assert.equal(parseEpsvReply('|||80|'), 80)
  assert.equal(parseEpsvReply('ok (|1|192.0.2.7|5000|)'), 5000)
  assert.equal(parseEpsvReply('ok (|2|2001:db8::1|5000|)'), 5000)
  for (const text of ['', '(||80|)', '(|||0|)', '(|||65536|)', '(|||80)', '(|||123456|)', '111801']) {
    assert.equal(parseEpsvReply(text), undefined, text)
  }
})

test('no text makes a parser throw', () => {
  const piece = fc.constantFrom('|', '||', '1', '2', '::1', '1.2.3.4', ',', '(', ')', '80', '65536', 'é', ' ')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        parsePort(text)
        parseEprt(text)
        const port = parseEpsvReply(text)
        assert.ok(port === undefined || (port >= 1 && port <= 65_535))
        parsePasvReply(text)
      },
    ),
    { numRuns: 1000 },
  )
})
