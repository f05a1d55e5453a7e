import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginsTls, readClientHello } from './client-hello.ts'

/** A ClientHello with these extensions: numbers, and what is in them. */
function hello(...extensions: readonly (readonly [number, readonly number[]])[]): Buffer {
  const list = extensions.flatMap(([kind, body]) => [kind >> 8, kind & 255, 0, body.length, ...body])
  const body = [
    3,
    3,
    ...Array.from({ length: 32 }, () => 7),
    2,
    1,
    2,
    0,
    2,
    0x13,
    1,
    1,
    0,
    0,
    list.length,
    ...list,
  ]
  const message = [1, 0, body.length >> 8, body.length & 255, ...body]
  return Buffer.from([22, 3, 1, message.length >> 8, message.length & 255, ...message])
}

const both = [43, [4, 3, 4, 3, 3]] as const
const newest = [43, [2, 3, 4]] as const

/** A ticket whose key has the name 0a0a…, and one with 0b0b…, too short ones beside. */
const name = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(16)
const sealed = (byte: number): number[] => [...Array.from({ length: 16 }, () => byte), 1, 2, 3]
const identity = (ticket: readonly number[]): number[] => [0, ticket.length, ...ticket, 9, 9, 9, 9]
const shortTicket = [41, [0, 7, ...identity([9])]] as const
const ofNewest = [
  41,
  [0, 2 * 25 + 7, ...identity(sealed(10)), ...identity([9]), ...identity(sealed(11))],
] as const
const ofOlder = [35, sealed(12)] as const

test('it tells who resumes what and who takes TLS 1.2, whole and not before', () => {
  for (const [bytes, resumes, takesOlder, ticketKeys] of [
    [hello(both, ofNewest), true, true, [name(10), name(11)]],
    [hello(ofOlder, both, ofNewest), true, true, [name(10), name(11), name(12)]],
    [hello(newest, shortTicket), true, false, []],
    [hello([0, [1, 2, 3]], ofOlder), false, true, [name(12)]],
    [hello(newest), false, false, []],
    [hello([35, []]), false, true, []],
    [hello(), false, true, []],
  ] as const) {
    for (let size = 0; size < bytes.length; size += 1) {
      assert.equal(readClientHello(bytes.subarray(0, size)), undefined)
      assert.ok(beginsTls(bytes.subarray(0, size)))
    }
    assert.deepEqual(readClientHello(bytes), { resumes, takesOlder, ticketKeys, sessionId: '0102' })
  }
})

test('a ClientHello that is cut over several records is put together', () => {
  const [whole, parts] = [hello(both, ofNewest), [] as Buffer[]]
  for (const size of [1, 2, 4, 40]) {
    parts.length = 0
    for (let at = 5; at < whole.length; at += size) {
      const piece = whole.subarray(at, at + size)
      parts.push(Buffer.from([22, 3, 1, 0, piece.length]), piece)
    }
    const bytes = Buffer.concat(parts)
    assert.deepEqual(readClientHello(bytes), readClientHello(whole))
    for (let end = 0; end < bytes.length; end += 1)
      assert.equal(readClientHello(bytes.subarray(0, end)), undefined)
  }
})

test('what is no ClientHello offers nothing, and no lengths lead astray', () => {
  const nothing = { resumes: false, takesOlder: true, ticketKeys: [], sessionId: '' }
  for (const none of [
    'USER anna\r\n',
    '\x16\x03\x01\x00\x04\x02\x00\x00\x00',
    '\x16\x03\x01\x00\x01\x01\x15\x03',
  ]) {
    assert.deepEqual(readClientHello(Buffer.from(none, 'latin1')), nothing)
  }
  assert.equal(beginsTls(Buffer.from('USER anna')), false)
  assert.equal(beginsTls(Buffer.from([22, 9])), false)
  const bytes = hello(both, ofNewest, ofOlder)
  for (let at = 9; at < bytes.length; at += 1) {
    const odd = Buffer.from(bytes)
    odd[at] = 255
    const read = readClientHello(odd)
    // Longer than it is, it is not whole.
    assert.ok(read !== undefined)
  }
})
