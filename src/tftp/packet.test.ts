import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, integer, property, uint8Array } from 'fast-check'
import { ProtocolError } from '../core/error.ts'
import { decodePacket, encodePacket, type Packet } from './packet.ts'

/** Bytes as the RFCs draw them; `0` stands for NUL. */
const golden: readonly [string, Packet, Buffer][] = [
  [
    'RRQ',
    { kind: 'request', deed: 'read', name: 'boot/é', mode: 'octet', options: [] },
    Buffer.from('\0\u0001boot/é\0octet\0'),
  ],
  [
    'WRQ with options',
    {
      kind: 'request',
      deed: 'write',
      name: 'a',
      mode: 'netascii',
      options: [
        { name: 'blksize', value: '1432' },
        { name: 'tsize', value: '0' },
      ],
    },
    Buffer.from('\0\u0002a\0netascii\0blksize\x001432\0tsize\x000\0'),
  ],
  [
    'DATA',
    { kind: 'data', block: 0xfffe, bytes: Buffer.from('xyz') },
    Buffer.from([0, 3, 255, 254, 120, 121, 122]),
  ],
  ['the empty DATA', { kind: 'data', block: 1, bytes: Buffer.alloc(0) }, Buffer.from([0, 3, 0, 1])],
  ['ACK', { kind: 'ack', block: 258 }, Buffer.from([0, 4, 1, 2])],
  ['ERROR', { kind: 'error', code: 1, text: 'no' }, Buffer.from([0, 5, 0, 1, 110, 111, 0])],
  ['OACK', { kind: 'oack', options: [{ name: 'tsize', value: '7' }] }, Buffer.from('\0\u0006tsize\x007\0')],
]

for (const [name, packet, bytes] of golden) {
  test(`RFC 1350 packets: ${name} is written and read as drawn`, () => {
    assert.deepEqual(Buffer.from(encodePacket(packet)), bytes)
    const decoded = decodePacket(bytes)
    assert.deepEqual(
      decoded.kind === 'data' ? { ...decoded, bytes: Buffer.from(decoded.bytes) } : decoded,
      packet,
    )
  })
}

test('padding behind a request, an option without value, and a text without NUL are lived with', () => {
  const padded = decodePacket(Buffer.from('\0\u0001a\0OCTET\0\0\0\0\0\0'))
  assert.deepEqual(padded, { kind: 'request', deed: 'read', name: 'a', mode: 'octet', options: [] })
  const half = decodePacket(Buffer.from('\0\u0001a\0octet\0tsize\0'))
  assert.deepEqual(half.kind === 'request' && half.options, [])
  assert.deepEqual(decodePacket(Buffer.from([0, 5, 0, 3, 102])), { kind: 'error', code: 3, text: 'f' })
})

test('what is no packet is a ProtocolError', () => {
  const wrong = [
    Buffer.alloc(0),
    Buffer.from([0, 1]),
    Buffer.from('\0\u0001name without end'),
    Buffer.from('\0\u0001name\0mode without end'),
    Buffer.from('\0\u0001\0octet\0'),
    Buffer.from('\0\u0007abc'),
    Buffer.from(`\0\u0001${'a'.repeat(65_000)}\0octet\0`),
  ]
  for (const bytes of wrong)
    assert.throws(() => decodePacket(bytes), ProtocolError, bytes.toString('latin1', 0, 20))
})

test('any bytes are a packet or a ProtocolError, and a packet is written as it was read', () => {
  check(
    property(uint8Array({ maxLength: 200 }), integer({ min: 0, max: 7 }), (rest, code) => {
      const bytes = Uint8Array.from([0, code, ...rest])
      let packet: Packet
      try {
        packet = decodePacket(bytes)
      } catch (thrown) {
        assert.ok(thrown instanceof ProtocolError)
        return
      }
      // An ERROR or OACK may have been shorter than any that we write.
      if (packet.kind === 'oack' && packet.options.length === 0) return
      assert.deepEqual(decodePacket(encodePacket(packet)), packet)
    }),
    { numRuns: 2000 },
  )
})
