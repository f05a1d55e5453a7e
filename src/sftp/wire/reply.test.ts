import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../core/error.ts'
import {
  extensionNames,
  readExtended,
  readExtendedAnswer,
  writeExtended,
  writeExtendedAnswer,
} from './extension.ts'
import { readHello, writeHello } from './hello.ts'
import { dataHead, readReply, writeReply, type Answer } from './reply.ts'

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

const golden: readonly [Answer, string][] = [
  [
    { kind: 'status', code: 2, message: 'No', language: 'en' },
    '00000015 65 00000007 00000002 00000002 4e6f 00000002 656e',
  ],
  [{ kind: 'handle', handle: '\x01\xfe' }, '0000000b 66 00000007 00000002 01fe'],
  [{ kind: 'data', data: bytesOf('0102') }, '0000000b 67 00000007 00000002 0102'],
  [
    { kind: 'name', names: [{ name: 'a', longname: '-rw a', attributes: { mode: 0o100644 } }] },
    '0000001f 68 00000007 00000001 00000001 61 00000005 2d72772061 00000004 000081a4',
  ],
  [{ kind: 'attrs', attributes: { size: 3 } }, '00000011 69 00000007 00000001 0000000000000003'],
  [{ kind: 'extended', data: bytesOf('0102') }, '00000007 c9 00000007 0102'],
]

test('draft-ietf-secsh-filexfer-02 replies: each is written and read as it travels', () => {
  for (const [answer, hex] of golden) {
    const bytes = bytesOf(hex)
    assert.deepEqual(Buffer.from(writeReply(7, answer)), Buffer.from(bytes), answer.kind)
    assert.deepEqual(readReply(bytes.subarray(4)), { ...answer, id: 7 })
  }
})

test('data that is sent behind its head is the same message', () => {
  const message = Buffer.concat([dataHead(7, 2), Uint8Array.of(1, 2)])
  assert.deepEqual(message, Buffer.from(writeReply(7, { kind: 'data', data: Uint8Array.of(1, 2) })))
})

test('a status without its text, as old servers send it, is a status', () => {
  assert.deepEqual(readReply(bytesOf('65 00000001 00000004')), {
    kind: 'status',
    id: 1,
    code: 4,
    message: '',
    language: '',
  })
})

test('fewer names than promised are found out before memory is taken for them', () => {
  assert.throws(() => readReply(bytesOf('68 00000001 ffffffff 00000000')), ProtocolError)
})

test('draft-ietf-secsh-filexfer-02 INIT and VERSION: as they travel, with extensions', () => {
  assert.deepEqual(
    Buffer.from(writeHello('client', { version: 3, extensions: [] })),
    Buffer.from('0000000501 00000003'.replaceAll(' ', ''), 'hex'),
  )
  const hello = { version: 3, extensions: [{ name: 'a@b', data: '1' }] }
  const bytes = writeHello('server', hello)
  assert.equal(Buffer.from(bytes).toString('hex'), '000000110200000003000000036140620000000131')
  assert.deepEqual(readHello(bytes.subarray(4), 'server'), hello)
  assert.throws(() => readHello(bytes.subarray(4), 'client'), ProtocolError)
})

test('OpenSSH PROTOCOL limits and statvfs: as they travel', () => {
  const limits = writeExtendedAnswer('limits', {
    packet: 262_144,
    read: 261_120,
    write: 261_120,
    handles: 10,
  })
  assert.equal(
    Buffer.from(limits).toString('hex'),
    '0000000000040000000000000003fc00000000000003fc00000000000000000a',
  )
  assert.equal(readExtendedAnswer('limits', limits).read, 261_120)
  const owners = writeExtendedAnswer('owners', { users: ['a', ''], groups: ['b'] })
  assert.equal(Buffer.from(owners).toString('hex'), '00000009000000016100000000000000050000000162')
  assert.deepEqual(readExtendedAnswer('owners', owners), { users: ['a', ''], groups: ['b'] })
  const copy = { from: 'a', offset: 1, length: 2, to: 'b', at: 3 }
  const written = writeExtended('copy-data', copy)
  assert.equal(
    Buffer.from(written).toString('hex'),
    '00000001610000000000000001000000000000000200000001620000000000000003',
  )
  assert.deepEqual(readExtended('copy-data', written), copy)
})

test('fuzz: whatever a server sends is a reply or breaks the protocol', () => {
  const noise = fc.uint8Array({ maxLength: 80 })
  const typed = fc
    .tuple(fc.constantFrom(...golden.map(([, hex]) => bytesOf(hex).subarray(4))), noise, fc.nat(40))
    .map(([bytes, tail, at]) => Uint8Array.from([...bytes.subarray(0, 5 + at), ...tail]))
  fc.assert(
    fc.property(fc.oneof(noise, typed), (bytes) => {
      for (const read of [
        () => readReply(bytes),
        () => readHello(bytes, 'server'),
        () => readExtendedAnswer('owners', bytes),
        ...extensionNames.map((name) => () => readExtended(name, bytes)),
      ]) {
        try {
          read()
        } catch (thrown) {
          assert.ok(thrown instanceof ProtocolError, String(thrown))
        }
      }
    }),
    { numRuns: 5000, seed: 20_261_125 },
  )
})
