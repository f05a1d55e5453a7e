import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../core/error.ts'
import { readRequest, writeRequest, type SftpRequest } from './request.ts'

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** Messages as they travel, from their length on. */
const golden: readonly [SftpRequest, string][] = [
  [
    { kind: 'open', id: 1, path: '/a', flags: 26, attributes: { mode: 0o644 } },
    '00000017 03 00000001 00000002 2f61 0000001a 00000004 000001a4',
  ],
  [{ kind: 'close', id: 2, handle: '\x00\xff' }, '0000000b 04 00000002 00000002 00ff'],
  [
    { kind: 'read', id: 3, handle: 'h', offset: 5_000_000_000, length: 32_768 },
    '00000016 05 00000003 00000001 68 000000012a05f200 00008000',
  ],
  [
    { kind: 'write', id: 4, handle: 'h', offset: 1, data: bytesOf('010203') },
    '00000019 06 00000004 00000001 68 0000000000000001 00000003 010203',
  ],
  [{ kind: 'lstat', id: 5, path: 'é' }, '0000000b 07 00000005 00000002 c3a9'],
  [{ kind: 'fstat', id: 6, handle: 'h' }, '0000000a 08 00000006 00000001 68'],
  [
    {
      kind: 'setstat',
      id: 7,
      path: 'a',
      attributes: { size: 1, owner: { user: 1, group: 2 }, mode: 3, times: { accessed: 4, modified: 5 } },
    },
    '0000002a 09 00000007 00000001 61 0000000f 0000000000000001 00000001 00000002 00000003 00000004 00000005',
  ],
  [{ kind: 'fsetstat', id: 8, handle: 'h', attributes: {} }, '0000000e 0a 00000008 00000001 68 00000000'],
  [{ kind: 'opendir', id: 9, path: 'a' }, '0000000a 0b 00000009 00000001 61'],
  [{ kind: 'readdir', id: 10, handle: 'h' }, '0000000a 0c 0000000a 00000001 68'],
  [{ kind: 'remove', id: 11, path: 'a' }, '0000000a 0d 0000000b 00000001 61'],
  [{ kind: 'mkdir', id: 12, path: 'a', attributes: {} }, '0000000e 0e 0000000c 00000001 61 00000000'],
  [{ kind: 'rmdir', id: 13, path: 'a' }, '0000000a 0f 0000000d 00000001 61'],
  [{ kind: 'realpath', id: 14, path: '' }, '00000009 10 0000000e 00000000'],
  [{ kind: 'stat', id: 15, path: '\udcff' }, '0000000a 11 0000000f 00000001 ff'],
  [{ kind: 'rename', id: 16, from: 'a', to: 'b' }, '0000000f 12 00000010 00000001 61 00000001 62'],
  [{ kind: 'readlink', id: 17, path: 'a' }, '0000000a 13 00000011 00000001 61'],
  // The text of the link comes first: OpenSSH PROTOCOL §4.1.
  [{ kind: 'symlink', id: 18, target: 't', path: 'l' }, '0000000f 14 00000012 00000001 74 00000001 6c'],
  [{ kind: 'extended', id: 19, name: 'x', data: bytesOf('0102') }, '0000000c c8 00000013 00000001 78 0102'],
]

test('draft-ietf-secsh-filexfer-02 requests: each is written and read as it travels', () => {
  for (const [request, hex] of golden) {
    const bytes = bytesOf(hex)
    assert.deepEqual(Buffer.concat(writeRequest(request)), Buffer.from(bytes), request.kind)
    assert.deepEqual(readRequest(bytes.subarray(4)), request)
  }
})

test('a request that is cut anywhere breaks the protocol, and says so', () => {
  for (const [request, hex] of golden) {
    if (request.kind === 'extended') continue
    const whole = bytesOf(hex).subarray(4)
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => readRequest(whole.subarray(0, length)), ProtocolError, `${request.kind} ${length}`)
    }
  }
})

test('what stands behind the data of a WRITE is no data', () => {
  const bytes = bytesOf('06 00000004 00000001 68 0000000000000001 00000003 010203 ffffffff')
  const request = readRequest(bytes)
  assert.deepEqual(request.kind === 'write' && [...request.data], [1, 2, 3])
})

test('a place past 2^53 is read as one behind every file', () => {
  const past = readRequest(bytesOf('05 00000003 00000001 68 ffffffffffffffff 00000001'))
  assert.equal(past.kind === 'read' && past.offset, 2 ** 53)
  const last = readRequest(bytesOf('05 00000003 00000001 68 001fffffffffffff 00000001'))
  assert.equal(last.kind === 'read' && last.offset, Number.MAX_SAFE_INTEGER)
})

test('extended attributes are skipped, and more than anyone has are refused', () => {
  const pairs = '80000004 000001a4 00000001 00000001 61 00000001 62'
  const request = readRequest(bytesOf(`09 00000007 00000001 61 ${pairs}`))
  assert.deepEqual(request.kind === 'setstat' && request.attributes, { mode: 0o644 })
  assert.throws(() => readRequest(bytesOf('09 00000007 00000001 61 80000000 ffffffff')), ProtocolError)
})

test('a type that nobody knows keeps its number, so that it can be answered', () => {
  assert.deepEqual(readRequest(bytesOf('63 0000002a')), { kind: 'unknown', type: 99, id: 42 })
})

test('a handle of more than 256 bytes is none', () => {
  assert.throws(() => readRequest(bytesOf(`04 00000001 00000101 ${'00'.repeat(257)}`)), ProtocolError)
})

test('fuzz: whatever comes is a request or breaks the protocol', () => {
  const noise = fc.uint8Array({ maxLength: 80 })
  const typed = fc
    .tuple(fc.constantFrom(...golden.map(([, hex]) => bytesOf(hex).subarray(4))), noise, fc.nat(40))
    .map(([bytes, tail, at]) => Uint8Array.from([...bytes.subarray(0, 5 + at), ...tail]))
  fc.assert(
    fc.property(fc.oneof(noise, typed), (bytes) => {
      try {
        readRequest(bytes)
      } catch (thrown) {
        assert.ok(thrown instanceof ProtocolError, String(thrown))
      }
    }),
    { numRuns: 20_000, seed: 20_261_125 },
  )
})

test('fuzz: a request that is read again is the same', () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(text, text, fc.maxSafeNat(), fc.uint8Array(), (from, to, offset, data) => {
      for (const request of [
        { kind: 'rename', id: 1, from, to },
        { kind: 'write', id: 2, handle: 'h', offset, data },
        { kind: 'setstat', id: 3, path: from, attributes: { size: offset } },
      ] as const) {
        assert.deepEqual(
          readRequest(Uint8Array.from(Buffer.concat(writeRequest(request))).subarray(4)),
          request,
        )
      }
    }),
    { seed: 20_261_125 },
  )
})
