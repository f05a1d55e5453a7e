import { ProtocolError } from '../../core/error.ts'
import { plainOpener, type Opener } from './opener.ts'

/** No packet is longer: OpenSSH's own limit, seven times what RFC 4253 §6.1 asks for. */
const longestPacket = 262_144

/** Packets are mostly this long at most; buffers for those that came in two pieces are used again. */
const usualPacket = 66_560

const mostKept = 16

const kept: Uint8Array[] = []

/** Finds the packets in a stream of bytes. Only a packet that came in more than one piece is copied. */
export class PacketReader {
  #opener = plainOpener
  #piece: Uint8Array = nothing
  #at = 0
  /** A packet, or the head of one, of which the rest is still to come. */
  #part: Uint8Array | undefined
  #filled = 0
  /** The size of the packet that comes now, once it is known. */
  #size: number | undefined
  /** The number of the next packet (RFC 4253 §6.4). */
  sequence = 0
  /** Since the keys are in use. */
  packets = 0
  bytes = 0

  /** From the next packet on, others are the keys. */
  use(opener: Opener): void {
    this.#opener = opener
    this.packets = 0
    this.bytes = 0
  }

  /** More bytes have come. All packets of those before must have been asked for. */
  push(piece: Uint8Array): void {
    this.#piece = piece
    this.#at = 0
  }

  /** The payload of the next packet; undefined: it is not all there. */
  next(): Uint8Array | undefined {
    this.#size ??= this.#sizeOfNext()
    if (this.#size === undefined) return undefined
    const packet = this.#whole(this.#size)
    if (packet === undefined) return undefined
    const payload = this.#opener.open(packet, this.sequence)
    if (this.#part !== undefined) giveBack(this.#part)
    this.#part = undefined
    this.#size = undefined
    this.sequence = (this.sequence + 1) >>> 0
    this.packets += 1
    this.bytes += packet.length
    return payload
  }

  /** Gives back what is held of a packet that will never be whole. */
  end(): void {
    if (this.#part !== undefined) giveBack(this.#part)
    this.#part = undefined
    this.#piece = nothing
  }

  #sizeOfNext(): number | undefined {
    const { head, tag, block, whole } = this.#opener
    const bytes = this.#headBytes(head)
    if (bytes === undefined) return undefined
    const length = this.#opener.lengthOf(bytes, this.sequence)
    const counted = whole ? length + 4 : length
    if (length < 5 || length > longestPacket || counted % block !== 0)
      throw new ProtocolError(`a packet of ${length} bytes`)
    return 4 + length + tag
  }

  /** The first bytes of the packet, wherever they lie. */
  #headBytes(head: number): Uint8Array | undefined {
    const here = this.#piece.length - this.#at
    if (this.#part === undefined && here >= head) return this.#piece.subarray(this.#at, this.#at + head)
    if (this.#part === undefined && here === 0) return undefined
    this.#part ??= take(usualPacket)
    this.#fill(head)
    return this.#filled < head ? undefined : this.#part
  }

  #whole(size: number): Uint8Array | undefined {
    const here = this.#piece.length - this.#at
    if (this.#part === undefined && here >= size) {
      this.#at += size
      return this.#piece.subarray(this.#at - size, this.#at)
    }
    this.#part ??= take(size)
    if (this.#part.length < size) {
      const larger = take(size)
      larger.set(this.#part.subarray(0, this.#filled))
      giveBack(this.#part)
      this.#part = larger
    }
    this.#fill(size)
    if (this.#filled < size) return undefined
    this.#filled = 0
    return this.#part.subarray(0, size)
  }

  /** Moves bytes of the piece into the part until it holds so many. */
  #fill(wanted: number): void {
    const moved = Math.min(wanted - this.#filled, this.#piece.length - this.#at)
    this.#part?.set(this.#piece.subarray(this.#at, this.#at + moved), this.#filled)
    this.#at += moved
    this.#filled += moved
  }
}

const nothing = new Uint8Array(0)

function take(size: number): Uint8Array {
  return (size <= usualPacket ? kept.pop() : undefined) ?? new Uint8Array(Math.max(size, usualPacket))
}

function giveBack(bytes: Uint8Array): void {
  if (bytes.length === usualPacket && kept.length < mostKept) kept.push(bytes)
}
