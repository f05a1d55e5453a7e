import { writeUint32 } from '../wire/writer.ts'
import { putRandom } from './random.ts'

/** The largest payload that is ever sent. */
export const largestPayload = 262_144

const staging = new Uint8Array(largestPayload + 512)

/**
 * A packet before it is encrypted: its length, the padding's length, the payload and the padding. It lies in memory that the
 * next packet uses. `whole`: the length field counts when the packet is filled up to whole blocks.
 */
export function stage(pieces: readonly Uint8Array[], block: number, whole: boolean): Uint8Array {
  let end = 5
  for (const piece of pieces) {
    staging.set(piece, end)
    end += piece.length
  }
  const counted = whole ? end : end - 4
  let padding = block - (counted % block)
  if (padding < 4) padding += block
  writeUint32(staging, 0, end + padding - 4)
  staging[4] = padding
  // RFC 4253 §6: it should be random.
  putRandom(staging, end, padding)
  return staging.subarray(0, end + padding)
}
