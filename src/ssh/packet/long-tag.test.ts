import assert from 'node:assert/strict'
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { LongTag } from './long-tag.ts'
import { poly1305 } from './poly1305.ts'

const nothing = new Uint8Array(0)

interface Made {
  readonly tag: LongTag
  readonly last: Uint8Array
  readonly right: Uint8Array
}

/** A message of some length under keys of its own, half of it at the edges of the modulus. */
function make(turn: number): Made {
  const secret = createSecretKey(randomBytes(32))
  const nonce = randomBytes(12)
  const counter = Buffer.concat([new Uint8Array(4), nonce])
  const oneTimeKey = createCipheriv('chacha20', secret, counter).update(new Uint8Array(64)).subarray(0, 32)
  const message = randomBytes(1 + (turn % 200))
  if (turn % 2 === 0) message.fill(255)
  const whole = Math.floor((message.length - 1) / 16) * 16
  return {
    tag: new LongTag(secret, nonce, oneTimeKey, message.subarray(0, whole)),
    last: message.subarray(whole),
    right: poly1305(oneTimeKey, message, nothing),
  }
}

test('the tag by way of the AEAD is that of WebAssembly, and where it says to be certain it is', () => {
  let certain = 0
  for (let turn = 0; turn < 4000; turn += 1) {
    const { tag, last, right } = make(turn)
    assert.ok(tag.fits(last, right), `${turn}`)
    const made = tag.certain(last)
    if (made === undefined) continue
    certain += 1
    assert.deepEqual(made, right, `${turn}`)
  }
  assert.ok(certain > 600 && certain < 1400, `one of four is certain, and ${certain} of 4000 were`)
})

test('any other tag and any other message is refused', () => {
  for (let turn = 0; turn < 300; turn += 1) {
    const { tag, last, right } = make(turn)
    for (let bit = 0; bit < 128; bit += 7) {
      const changed = Uint8Array.from(right)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // Five more or less than the right one is the only other that can ever be taken.
      if (difference(changed, right) !== 5n) assert.equal(tag.fits(last, changed), false)
    }
    const other = Uint8Array.from(last)
    other[0] = (other[0] ?? 0) ^ 1
    assert.equal(tag.fits(other, right), false)
    assert.equal(tag.fits(Buffer.concat([last, nothing]).subarray(0, last.length - 1), right), false)
  }
})

function difference(one: Uint8Array, other: Uint8Array): bigint {
  const [a, b] = [one, other].map((bytes) => BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`))
  return (a ?? 0n) > (b ?? 0n) ? (a ?? 0n) - (b ?? 0n) : (b ?? 0n) - (a ?? 0n)
}
