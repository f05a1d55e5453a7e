import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeText, encodeText, holdsRawBytes } from './text.ts'

const survives = (bytes: Uint8Array): void =>
  assert.deepEqual(Buffer.from(encodeText(decodeText(bytes))), Buffer.from(bytes))

/** Pieces of UTF-8, whole and broken: random bytes alone hardly ever make a long sequence. */
const pieces = fc.constantFrom<readonly number[]>(
  [0x61],
  [0xc3, 0xa9],
  [0xe2, 0x82, 0xac],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb2, 0x80],
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf0, 0x9f],
  [0xe2],
  [0x80],
  [0xff],
  [0],
)

test('UTF-8 is read as UTF-8', () => {
  for (const text of ['', 'plain', 'naïve €', '😀', '\ufeffmark', 'e\u0301', '\0']) {
    assert.equal(decodeText(Buffer.from(text)), text)
    assert.deepEqual(Buffer.from(encodeText(text)), Buffer.from(text))
    assert.ok(!holdsRawBytes(text))
  }
})

test('a byte that is not UTF-8 is a lone surrogate of its own', () => {
  assert.equal(decodeText(Buffer.from('r\xe9sum\xe9', 'latin1')), 'r\udce9sum\udce9')
  assert.equal(decodeText(Uint8Array.of(0xc3, 0xa9, 0xe9)), 'é\udce9')
  assert.equal(decodeText(Uint8Array.of(0xf0, 0x9f, 0x61)), '\udcf0\udc9fa')
  assert.ok(holdsRawBytes('r\udce9sum\udce9'))
})

test('what only looks like UTF-8 is not read as such: no two byte strings give one name', () => {
  const overlong = [
    [0xc0, 0xaf],
    [0xc1, 0xbf],
    [0xe0, 0x9f, 0xbf],
    [0xf0, 0x8f, 0xbf, 0xbf],
  ]
  const outside = [
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xfe],
    [0xff],
  ]
  for (const bytes of [...overlong, ...outside]) {
    const text = decodeText(Uint8Array.from(bytes))
    assert.equal(text.length, bytes.length)
    assert.ok(!text.includes('/'))
    survives(Uint8Array.from(bytes))
  }
})

test('beside a byte that is not UTF-8, first and second bytes are judged as the platform judges them', () => {
  for (let first = 0x80; first <= 0xff; first += 1) {
    for (const second of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]) {
      const whole = [2, 3, 4]
        .map((length) =>
          new TextDecoder().decode(Uint8Array.of(first, second, 0x80, 0x80).subarray(0, length)),
        )
        .find((text) => !text.includes('\ufffd'))
      const bytes = Uint8Array.of(first, second, 0x80, 0x80, 0xff)
      const begin = whole ?? String.fromCharCode(0xdc00 + first)
      assert.ok(decodeText(bytes).startsWith(begin), bytes.join(' '))
      survives(bytes)
    }
  }
})

test('a name that is not UTF-8 comes back byte for byte', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), survives), { numRuns: 2000 })
  fc.assert(
    fc.property(fc.array(pieces), (parts) => survives(Uint8Array.from(parts.flat()))),
    { numRuns: 2000 },
  )
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) survives(Uint8Array.of(first, second))
  }
})

test('names joined and cut at slashes keep their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.array(pieces)), (names) => {
      const all = names.map((name) => Uint8Array.from(name.flat()))
      const joined = all.map((name) => decodeText(name)).join('/')
      const wanted = Buffer.concat(all.flatMap((name, at) => (at > 0 ? [Buffer.from('/'), name] : [name])))
      assert.deepEqual(Buffer.from(encodeText(joined)), wanted)
    }),
  )
})

test('a text of any kind can be encoded, and a surrogate that stands for no byte becomes U+FFFD', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(Buffer.from(encodeText(text)).toString(), text.toWellFormed())
    }),
  )
  for (const stray of ['\ud800', '\udbff', '\udc00', '\udc7f', '\udd00', '\udfff']) {
    assert.deepEqual([...encodeText(`a${stray}b`)], [0x61, 0xef, 0xbf, 0xbd, 0x62])
  }
})

// Joining it byte by byte with a copy each time would be 34 GB.
test('a long name of raw bytes is read in good time', { timeout: 20_000 }, () => {
  survives(new Uint8Array(256 * 1024).fill(0xe9))
})
