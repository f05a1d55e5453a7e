import { stage } from './stage.ts'

/** Makes packets (RFC 4253 §6) out of payloads: one direction of a connection, between two key exchanges. */
export interface Sealer {
  /** How many bytes a packet may be longer than its payload. */
  readonly overhead: number
  /** Writes the packet with this payload, in pieces, to a place, and gives the place behind it. */
  seal(pieces: readonly Uint8Array[], out: Uint8Array, at: number, sequence: number): number
}

/** Before the first key exchange has ended, packets are neither encrypted nor authenticated. */
export const plainSealer: Sealer = {
  overhead: 32,
  seal(pieces, out, at) {
    const plain = stage(pieces, 8, true)
    out.set(plain, at)
    return at + plain.length
  },
}
