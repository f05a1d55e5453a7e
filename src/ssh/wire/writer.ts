import { encodeText } from '../../core/text.ts'

/** Writes the types of RFC 4251 §5 one behind the other. */
export class Writer {
  #bytes: Uint8Array
  #used = 0

  constructor(size = 128) {
    this.#bytes = new Uint8Array(size)
  }

  /** How much is written. */
  get length(): number {
    return this.#used
  }

  byte(value: number): this {
    this.#room(1)
    this.#bytes[this.#used++] = value
    return this
  }

  boolean(value: boolean): this {
    return this.byte(value ? 1 : 0)
  }

  uint32(value: number): this {
    this.#room(4)
    writeUint32(this.#bytes, this.#used, value)
    this.#used += 4
    return this
  }

  uint64(value: number): this {
    return this.uint32(Math.floor(value / 0x1_0000_0000)).uint32(value % 0x1_0000_0000)
  }

  string(value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? encodeText(value) : value
    return this.uint32(bytes.length).raw(bytes)
  }

  names(list: readonly string[]): this {
    return this.string(list.join(','))
  }

  /** A number that is not negative, the most significant byte first. */
  mpint(value: Uint8Array): this {
    let from = 0
    while (from < value.length && value[from] === 0) from += 1
    const bytes = value.subarray(from)
    if (((bytes[0] ?? 0) & 0x80) === 0) return this.string(bytes)
    return this.uint32(bytes.length + 1)
      .byte(0)
      .raw(bytes)
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#used)
    this.#used += bytes.length
    return this
  }

  /** What is written so far; whoever writes on must not keep it. */
  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#used)
  }

  #room(wanted: number): void {
    if (this.#used + wanted <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + wanted))
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
  }
}

/** Puts a number into four bytes. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
