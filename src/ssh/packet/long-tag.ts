import { createCipheriv, timingSafeEqual, type KeyObject } from 'node:crypto'

/**
 * Poly1305 of a long message by OpenSSL's own code, three times as fast as WebAssembly. node:crypto has it only inside
 * ChaCha20-Poly1305 (RFC 8439 §2.8), whose one-time key is that of SSH's packets where key and nonce are the same. It fills what it
 * authenticates up to whole blocks and puts a block with the lengths behind it. So it gets all blocks but the last, and what comes
 * of the lengths is taken away again and replaced by what comes of the last block.
 *
 * The sums are made modulo p = 2^130 - 5, and a tag is only the lower 128 bits of one. So one thing stays unknown: whether the sum
 * with the other block in it has passed p, which makes the tag larger by five. Who checks a tag takes both that can be; who makes
 * one changes the padding until only one can be (TRUST.md says what that costs).
 */
export class LongTag {
  readonly #made: bigint
  readonly #r: bigint
  readonly #lengths: bigint
  /** The sum behind the tag that was made: at least, and at most. */
  readonly #least: bigint
  readonly #most: bigint

  /** `whole`: all blocks but the last. `key` and `nonce` are those that the one-time key was made of. */
  constructor(key: KeyObject, nonce: Uint8Array, oneTimeKey: Uint8Array, whole: Uint8Array) {
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
    cipher.setAAD(whole, { plaintextLength: 0 })
    cipher.final()
    this.#made = numberIn(cipher.getAuthTag())
    this.#r = numberIn(oneTimeKey.subarray(0, 16)) & clamp
    this.#lengths = beyond | BigInt(whole.length)
    this.#least = (this.#made - numberIn(oneTimeKey.subarray(16, 32))) & lower
    this.#most = this.#least + (this.#least + 3n * beyond < p ? 3n : 2n) * beyond
  }

  /** Whether this is the tag, with this last block of 1 to 16 bytes. */
  fits(last: Uint8Array, tag: Uint8Array): boolean {
    const { below, above } = this.#with(last)
    return [below, above].some((can) => can !== undefined && timingSafeEqual(bytesOf(can), tag))
  }

  /** The tag with this last block; undefined: it could be either of two. */
  certain(last: Uint8Array): Uint8Array | undefined {
    const { below, above } = this.#with(last)
    if (below !== undefined && above !== undefined) return undefined
    return bytesOf(below ?? above ?? 0n)
  }

  /** The tag if the sum stays below p, and if it does not; undefined: that cannot be. */
  #with(last: Uint8Array): { below: bigint | undefined; above: bigint | undefined } {
    const block = numberIn(last) | (1n << BigInt(8 * last.length))
    const more = ((block - this.#lengths) * this.#r) % p
    const difference = more < 0n ? more + p : more
    const tag = this.#made + difference
    return {
      below: this.#least + difference < p ? tag & lower : undefined,
      above: this.#most + difference >= p ? (tag + 5n) & lower : undefined,
    }
  }
}

const p = (1n << 130n) - 5n
const beyond = 1n << 128n
const lower = beyond - 1n

/** RFC 8439 §2.5.1. */
const clamp = 0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffffn

const scratch = new Uint8Array(16)
const view = new DataView(scratch.buffer)

function numberIn(bytes: Uint8Array): bigint {
  scratch.fill(0)
  scratch.set(bytes)
  return (view.getBigUint64(8, true) << 64n) | view.getBigUint64(0, true)
}

function bytesOf(number: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  const into = new DataView(bytes.buffer)
  into.setBigUint64(0, BigInt.asUintN(64, number), true)
  into.setBigUint64(8, number >> 64n, true)
  return bytes
}
