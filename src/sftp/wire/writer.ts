import { encodeText } from '../../core/text.ts'

/** How many bytes of a message stand before its first field: its length and its type. */
const headSize = 5

/** Writes one message: its length, its type, its fields (draft-ietf-secsh-filexfer-02 §3). */
export class WireWriter {
  #bytes = lent()
  #used = headSize

  constructor(type: number) {
    this.#bytes[4] = type
  }

  /** How many bytes the message has by now. */
  get size(): number {
    return this.#used
  }

  byte(value: number): void {
    // The place first: making room for it may move everything.
    const at = this.#step(1)
    this.#bytes[at] = value
  }

  uint32(value: number): void {
    const at = this.#step(4)
    putUint32(this.#bytes, at, value)
  }

  uint64(value: number): void {
    const at = this.#step(8)
    putUint32(this.#bytes, at, Math.floor(value / 2 ** 32))
    putUint32(this.#bytes, at + 4, value % 2 ** 32)
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length)
    this.rest(value)
  }

  text(value: string): void {
    if (value === '') this.uint32(0)
    else this.bytes(encodeText(value))
  }

  /** Bytes without a length of their own. */
  rest(value: Uint8Array): void {
    const at = this.#step(value.length)
    this.#bytes.set(value, at)
  }

  /** The message, whole but for so many bytes that come behind it. Nothing may be written after. */
  message(behind = 0): Uint8Array {
    putUint32(this.#bytes, 0, this.#used - 4 + behind)
    return this.#bytes.subarray(0, this.#used)
  }

  #step(length: number): number {
    const at = this.#used
    this.#used += length
    if (this.#used > this.#bytes.length) this.#grow()
    return at
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(this.#used, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** Most messages fit in so many bytes. */
const usual = 128

/** Memory for many messages: to get each its own costs more than to write it. No part of it is used twice. */
let slab = new Uint8Array(64 * usual)
let used = 0

function lent(): Uint8Array {
  if (used === slab.length) {
    slab = new Uint8Array(64 * usual)
    used = 0
  }
  used += usual
  return slab.subarray(used - usual, used)
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
