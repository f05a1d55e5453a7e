import { ProtocolError } from '../core/error.ts'
import { decodePacket, type Packet } from './packet.ts'

/** A packet of a transfer; undefined: it is none, and lost like one that was damaged on the way. */
export function decodeReply(bytes: Uint8Array): Packet | undefined {
  try {
    return decodePacket(bytes)
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return undefined
    throw thrown
  }
}
