import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readClientHello } from './client-hello.ts'

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
const ticket = [41, [0, 1, 9]] as const

test('it tells who resumes and who takes TLS 1.2, whole and not before', () => {
  for (const [bytes, resumes, takesOlder] of [
    [hello(both, ticket), true, true],
    [hello(newest, ticket), true, false],
    [hello([0, [1, 2, 3]], both), false, true],
    [hello(newest), false, false],
    [hello(), false, true],
  ] as const) {
    for (let size = 0; size < bytes.length; size += 1) {
      assert.equal(readClientHello(bytes.subarray(0, size)), undefined)
    }
    assert.deepEqual(readClientHello(bytes), { resumes, takesOlder })
  }
})

test('what is no ClientHello offers nothing, and no lengths lead astray', () => {
  const nothing = { resumes: false, takesOlder: true }
  assert.deepEqual(readClientHello(Buffer.from('USER anna\r\n')), nothing)
  assert.deepEqual(readClientHello(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])), nothing)
  const bytes = hello(both, ticket)
  for (let at = 9; at < bytes.length; at += 1) {
    const odd = Buffer.from(bytes)
    odd[at] = 255
    assert.notEqual(readClientHello(odd), undefined)
  }
})
