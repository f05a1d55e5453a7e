import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cut } from '../../testing/cut.ts'
import { FromNetwork, LocalOffset, NetworkLength, ToNetwork } from './ascii.ts'
import type { Resumption } from './ascii.ts'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

function encode(chunks: readonly Uint8Array[], before?: number): string {
  const encoder = new ToNetwork(before)
  return Buffer.concat(chunks.map((chunk) => encoder.encode(chunk))).toString('latin1')
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new FromNetwork()
  const decoded = chunks.map((chunk) => decoder.decode(chunk))
  return Buffer.concat([...decoded, decoder.end()]).toString('latin1')
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  const length = new NetworkLength()
  for (const chunk of chunks) length.add(chunk)
  return length.length
}

function findPlace(chunks: readonly Uint8Array[], networkOffset: number): Resumption | undefined {
  const search = new LocalOffset(networkOffset)
  for (const chunk of chunks) {
    const found = search.scan(chunk)
    if (found) return found
  }
  return undefined
}

const encodedPlainly = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n')
const decodedPlainly = (text: string): string => text.replaceAll('\r\n', '\n')

/** Texts full of line ends, and of bytes that differ from them by one bit or by one. */
const texts = fc
  .array(
    fc.constantFrom(
      '\n',
      '\r',
      '\r\n',
      'a',
      'bcdefgh',
      '\0',
      '\x0b',
      '\x09',
      '\x0c',
      '\x8a',
      '\x8d',
      '\xff',
      '\x0e',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const sizes = fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 5 })

test('LF leaves as CRLF, and CRLF as it is', () => {
  assert.equal(encode([latin1('a\nb\r\nc\rd\n\n\r\r\n')]), 'a\r\nb\r\nc\rd\r\n\r\n\r\r\n')
  assert.equal(encode([latin1('a\r'), latin1('\nb')]), 'a\r\nb')
  assert.equal(encode([latin1('a\r'), latin1(''), latin1('\nb')]), 'a\r\nb')
})

test('CRLF is kept as LF, and a CR alone stays', () => {
  assert.equal(decode([latin1('a\r'), latin1(''), latin1('\nb')]), 'a\nb')
  assert.equal(decode([latin1('a\r\nb\nc\rd\r\r\n\r')]), 'a\nb\nc\rd\r\n\r')
  assert.equal(
    decode([latin1('a\r'), latin1('\nb\r'), latin1(''), latin1('c\r'), latin1('\r')]),
    'a\nb\rc\r\r',
  )
})

test('any chunking gives what the whole gives', () => {
  fc.assert(
    fc.property(texts, sizes, (text, sizes) => {
      const bytes = latin1(text)
      for (const chunks of [[bytes], cut(bytes, sizes), cut(bytes, [1])]) {
        assert.equal(encode(chunks), encodedPlainly(text))
        assert.equal(decode(chunks), decodedPlainly(text))
        assert.equal(lengthOf(chunks), encodedPlainly(text).length)
      }
    }),
    { numRuns: 2000 },
  )
})

test('a chunk at any place in memory is read the same', () => {
  fc.assert(
    fc.property(texts, fc.nat(9), (text, shift) => {
      const memory = Buffer.concat([Buffer.alloc(shift, '\n'), latin1(text), Buffer.alloc(9, '\n')])
      const bytes = new Uint8Array(memory.buffer, memory.byteOffset + shift, text.length)
      assert.equal(encode([bytes]), encodedPlainly(text))
      assert.equal(decode([bytes]), decodedPlainly(text))
    }),
  )
})

test('a text without CR makes the round trip', () => {
  fc.assert(
    fc.property(texts, sizes, (text, sizes) => {
      const plain = text.replaceAll('\r', '')
      assert.equal(decode(cut(latin1(encode([latin1(plain)])), sizes)), plain)
    }),
  )
})

test('what needs no change is handed on without a copy, and nothing writes into a chunk', () => {
  for (const same of ['no end', 'a\r\nb\r\n', '']) {
    const chunk = latin1(same)
    assert.equal(new ToNetwork().encode(chunk), chunk)
  }
  const unix = latin1('a\nb\n')
  assert.equal(new FromNetwork().decode(unix), unix)
  const both = latin1('a\nb\r\nc\r')
  new ToNetwork().encode(both)
  new FromNetwork().decode(both)
  assert.equal(both.toString('latin1'), 'a\nb\r\nc\r')
})

test('end gives the CR that was held, once', () => {
  const decoder = new FromNetwork()
  assert.equal(decoder.decode(latin1('a\r')).length, 1)
  assert.deepEqual([...decoder.end()], [13])
  assert.equal(decoder.end().length, 0)
})

test('a download that goes on at any REST sends exactly what was missing', () => {
  fc.assert(
    fc.property(texts, sizes, (text, sizes) => {
      const bytes = latin1(text)
      const network = encodedPlainly(text)
      for (let offset = 0; offset <= network.length; offset += 1) {
        for (const chunks of [[bytes], cut(bytes, sizes), cut(bytes, [1])]) {
          const place = offset === 0 ? { local: 0, before: 0 } : findPlace(chunks, offset)
          assert.ok(place, `${offset} of ${network.length}`)
          const rest = cut(bytes.subarray(place.local), sizes)
          assert.equal(network.slice(0, offset) + encode(rest, place.before), network)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('an upload that goes on at any REST makes the file that one go would have made', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const network = encodedPlainly(text.replaceAll('\r', ''))
      const file = latin1(decodedPlainly(network))
      for (let offset = 1; offset <= network.length; offset += 1) {
        const place = findPlace([file], offset)
        assert.ok(place)
        const resumed =
          file.subarray(0, place.local).toString('latin1') + decode([latin1(network.slice(offset))])
        assert.equal(resumed, file.toString('latin1'))
      }
    }),
    { numRuns: 300 },
  )
})

test('between the CR and the LF of a line end, the place is the LF', () => {
  assert.deepEqual(findPlace([latin1('ab\ncd')], 3), { local: 2, before: 13 })
  assert.deepEqual(findPlace([latin1('ab\ncd')], 4), { local: 3, before: 10 })
  assert.deepEqual(findPlace([latin1('ab\r\ncd')], 3), { local: 3, before: 13 })
})

test('a REST past the end has no place', () => {
  assert.deepEqual(findPlace([latin1('a\n')], 3), { local: 2, before: 10 })
  assert.equal(findPlace([latin1('a\n')], 4), undefined)
})
