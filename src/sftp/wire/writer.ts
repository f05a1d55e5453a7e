import { encodeText } from '../../core/text.ts'

/** How many bytes of a message stand before its first field: its length and its type. */
const headSize = 5

/** Writes one message: its length, its type, its fields (draft-ietf-secsh-filexfer-02 §3). */
export class WireWriter {
  #bytes: Uint8Array
  #view: DataView
  #used = headSize

  constructor(type: number, room = 120) {
    this.#bytes = new Uint8Array(headSize + room)
    this.#view = new DataView(this.#bytes.buffer)
    this.#bytes[4] = type
  }

  /** How many bytes the message has by now. */
  get size(): number {
    return this.#used
  }

  byte(value: number): void {
    // The place first: making room for it may move everything.
    const at = this.#step(1)
    this.#view.setUint8(at, value)
  }

  uint32(value: number): void {
    const at = this.#step(4)
    this.#view.setUint32(at, value)
  }

  uint64(value: number): void {
    const at = this.#step(8)
    this.#view.setUint32(at, Math.floor(value / 2 ** 32))
    this.#view.setUint32(at + 4, value % 2 ** 32)
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length)
    this.rest(value)
  }

  text(value: string): void {
    this.bytes(encodeText(value))
  }

  /** Bytes without a length of their own. */
  rest(value: Uint8Array): void {
    const at = this.#step(value.length)
    this.#bytes.set(value, at)
  }

  /** The message, whole but for so many bytes that come behind it. Nothing may be written after. */
  message(behind = 0): Uint8Array {
    this.#view.setUint32(0, this.#used - 4 + behind)
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
    this.#view = new DataView(larger.buffer)
  }
}
