import { ProtocolError } from '../../core/error.ts'
import { readUint32 } from '../wire/reader.ts'

/** Takes packets (RFC 4253 §6) apart: one direction of a connection, between two key exchanges. */
export interface Opener {
  /** How many bytes must be there before the length can be known. */
  readonly head: number
  /** How many bytes come behind what the length counts. */
  readonly tag: number
  /** What the packet's bytes are a multiple of, and whether its length field is one of them. */
  readonly block: number
  readonly whole: boolean
  /** The packet's length field. Asked once for each packet, in order. */
  lengthOf(head: Uint8Array, sequence: number): number
  /** The payload, in memory of its own, once the packet has proven to be the peer's. Throws ProtocolError when not. */
  open(packet: Uint8Array, sequence: number): Uint8Array
}

/** The packets of the first key exchange. */
export const plainOpener: Opener = {
  head: 4,
  tag: 0,
  block: 8,
  whole: true,
  lengthOf: (head) => readUint32(head, 0),
  // A copy, which the slice() of a Buffer is not.
  open: (packet) => payloadOf(new Uint8Array(packet.subarray(4))),
}

/** What is between the padding's length and the padding. */
export function payloadOf(plain: Uint8Array): Uint8Array {
  const padding = plain[0] ?? 0
  const end = plain.length - padding
  if (padding < 4 || end < 2) throw new ProtocolError('a packet with a wrong padding')
  return plain.subarray(1, end)
}

/** A packet whose tag is not right: changed on its way, or never the peer's. */
export class BadTag extends ProtocolError {
  constructor() {
    super('a packet was changed on its way')
    this.name = 'BadTag'
  }
}
