import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../core/error.ts'
import { ciphers, macs, type Cipher, type Mac } from './ciphers.ts'
import { BadTag } from './opener.ts'
import { PacketReader } from './packet-reader.ts'
import { plainSealer, type Sealer } from './sealer.ts'

const keys = {
  iv: randomFillSync(new Uint8Array(16)),
  key: randomFillSync(new Uint8Array(64)),
  mac: randomFillSync(new Uint8Array(64)),
}

interface Suite {
  readonly name: string
  readonly cipher: Cipher
  readonly mac: Mac
}

const suites: Suite[] = ciphers.flatMap((cipher) =>
  (cipher.authenticates ? macs.slice(0, 1) : macs).map((mac) => ({
    name: cipher.authenticates ? cipher.name : `${cipher.name} with ${mac.name}`,
    cipher,
    mac,
  })),
)

function keysFor({ cipher, mac }: Suite) {
  return {
    iv: keys.iv.subarray(0, cipher.iv),
    key: keys.key.subarray(0, cipher.key),
    mac: keys.mac.subarray(0, mac.length),
  }
}

function sealed(sealer: Sealer, payloads: readonly Uint8Array[], first = 0): Uint8Array {
  const out = new Uint8Array(payloads.reduce((sum, { length }) => sum + length + sealer.overhead + 320, 0))
  let at = 0
  for (const [index, payload] of payloads.entries()) at = sealer.seal([payload], out, at, first + index)
  return out.subarray(0, at)
}

function readerFor(suite: Suite): PacketReader {
  const reader = new PacketReader()
  reader.use(suite.cipher.opener(keysFor(suite), suite.mac))
  return reader
}

function opened(reader: PacketReader, pieces: Iterable<Uint8Array>): Uint8Array[] {
  const found: Uint8Array[] = []
  for (const piece of pieces) {
    reader.push(piece)
    for (let payload = reader.next(); payload !== undefined; payload = reader.next())
      found.push(new Uint8Array(payload))
  }
  return found
}

const payloads = [
  1, 2, 7, 8, 15, 16, 17, 250, 255, 256, 2038, 2039, 2040, 2046, 2050, 4000, 6100, 6140, 6143, 32_777,
].map((size) => randomFillSync(new Uint8Array(size)))

for (const suite of suites) {
  const seal = (): Uint8Array => sealed(suite.cipher.sealer(keysFor(suite), suite.mac), payloads)

  test(`${suite.name}: what one side seals the other opens, whole and byte by byte`, () => {
    const stream = seal()
    assert.deepEqual(opened(readerFor(suite), [stream]), payloads)
    const bytes = Array.from(stream, (_, at) => stream.slice(at, at + 1))
    assert.deepEqual(opened(readerFor(suite), bytes), payloads)
  })

  test(`${suite.name}: a bit that was changed anywhere is found`, () => {
    const stream = sealed(suite.cipher.sealer(keysFor(suite), suite.mac), payloads.slice(6, 8))
    for (let at = 0; at < stream.length; at += 13) {
      const changed = new Uint8Array(stream)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      let found: Uint8Array[] = []
      try {
        // A changed length may ask for more than there is: then nothing may come out of it.
        found = opened(readerFor(suite), [changed])
      } catch (thrown) {
        assert.ok(thrown instanceof ProtocolError)
      }
      for (const payload of found) assert.ok(payloads.some((one) => Buffer.compare(one, payload) === 0))
      assert.ok(found.length < 2)
    }
  })
}

test('a packet whose tag is wrong says so, and another number is another packet', () => {
  const [suite] = suites
  assert.ok(suite !== undefined)
  const stream = sealed(suite.cipher.sealer(keysFor(suite), suite.mac), payloads.slice(0, 1))
  stream[stream.length - 1] = (stream.at(-1) ?? 0) ^ 1
  assert.throws(() => opened(readerFor(suite), [stream]), BadTag)
  const chacha = suites.find(({ cipher }) => cipher.name.startsWith('chacha20'))
  assert.ok(chacha !== undefined)
  const later = sealed(chacha.cipher.sealer(keysFor(chacha), chacha.mac), payloads.slice(3, 5), 7)
  assert.throws(() => opened(readerFor(chacha), [later]), ProtocolError)
})

test('packets in clear are read back, however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 }),
      (payloads, cuts) => {
        const stream = sealed(plainSealer, payloads)
        assert.deepEqual(opened(new PacketReader(), cutInto(stream, cuts)), payloads)
      },
    ),
    { seed: 4251, numRuns: 300 },
  )
})

test('noise never gives anything but packets or a ProtocolError', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 600 }),
      fc.nat({ max: suites.length - 1 }),
      (noise, at) => {
        const suite = suites[at]
        assert.ok(suite !== undefined)
        for (const reader of [new PacketReader(), readerFor(suite)]) {
          try {
            opened(reader, [noise])
          } catch (thrown) {
            assert.ok(thrown instanceof ProtocolError, String(thrown))
          }
        }
      },
    ),
    { seed: 4253, numRuns: 1500 },
  )
})

test('lengths that are too small, too large or no whole blocks are refused before anything is kept for them', () => {
  for (const length of [0, 1, 4, 13, 262_145, 0x7fff_fffc, 0xffff_fffc]) {
    const head = Buffer.alloc(64)
    head.writeUInt32BE(length)
    assert.throws(() => opened(new PacketReader(), [head]), ProtocolError, String(length))
  }
})

function* cutInto(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.slice(at, at + size)
    at += size
  }
}
