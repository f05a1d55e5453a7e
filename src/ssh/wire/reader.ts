import { ProtocolError } from '../../core/error.ts'
import { decodeText } from '../../core/text.ts'

/** Reads the types of RFC 4251 §5 out of a message, one behind the other. Whatever is cut off is a ProtocolError. */
export class Reader {
  readonly bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.#at = at
  }

  /** Where the next value begins. */
  get at(): number {
    return this.#at
  }

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.#at
  }

  byte(): number {
    const at = this.#take(1)
    return this.bytes[at] ?? 0
  }

  boolean(): boolean {
    return this.byte() !== 0
  }

  uint32(): number {
    const at = this.#take(4)
    return readUint32(this.bytes, at)
  }

  /** As a number: what is past 2^53 loses its last digits, and is past every limit anyway. */
  uint64(): number {
    return this.uint32() * 0x1_0000_0000 + this.uint32()
  }

  /** The bytes of a string, where they lie. */
  string(): Uint8Array {
    return this.raw(this.uint32())
  }

  /** A string as text; bytes that are not UTF-8 are kept (core/text.ts). */
  text(): string {
    return decodeText(this.string())
  }

  names(): string[] {
    const list = this.text()
    return list === '' ? [] : list.split(',')
  }

  /** A number that is not negative, without leading zeros. */
  mpint(): Uint8Array {
    const bytes = this.string()
    if (((bytes[0] ?? 0) & 0x80) !== 0) throw new ProtocolError('a negative number')
    let from = 0
    while (from < bytes.length && bytes[from] === 0) from += 1
    return bytes.subarray(from)
  }

  /** So many bytes, where they lie. */
  raw(length: number): Uint8Array {
    const at = this.#take(length)
    return this.bytes.subarray(at, at + length)
  }

  #take(length: number): number {
    const at = this.#at
    if (length > this.bytes.length - at) throw new ProtocolError('a message is shorter than it says')
    this.#at = at + length
    return at
  }
}

/** The number in four bytes of a place; zeros stand for what is not there. */
export function readUint32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}
