import { ProtocolError } from '../../core/error.ts'
import { decodeText } from '../../core/text.ts'

/** What a 64-bit number is read as that JavaScript cannot count to: behind the end of every file there is. */
export const beyondCounting = 2 ** 53

/** Reads the fields of one message, in order (RFC 4251 §5). A field that is not all there breaks the protocol. */
export class WireReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#bytes[this.#step(1)] ?? 0
  }

  uint32(): number {
    return uint32At(this.#bytes, this.#step(4))
  }

  uint64(): number {
    const at = this.#step(8)
    const high = uint32At(this.#bytes, at)
    return high >= 0x20_0000 ? beyondCounting : high * 2 ** 32 + uint32At(this.#bytes, at + 4)
  }

  /** A string of bytes: lent from the message, not copied. */
  bytes(): Uint8Array {
    const length = this.uint32()
    const at = this.#step(length)
    return this.#bytes.subarray(at, at + length)
  }

  text(): string {
    return decodeText(this.bytes())
  }

  /** All that is left. */
  rest(): Uint8Array {
    const at = this.#step(this.left)
    return this.#bytes.subarray(at)
  }

  #step(length: number): number {
    const at = this.#at
    if (length > this.#bytes.length - at) throw new ProtocolError('a message is shorter than its fields')
    this.#at = at + length
    return at
  }
}

/** A number of four bytes, of which those that are not there are 0. To make a DataView for each message costs more than its fields. */
export function uint32At(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}
