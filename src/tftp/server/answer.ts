import { FileError, ProtocolError, type Fault } from '../../core/error.ts'
import { encodeText } from '../../core/text.ts'
import { encodePacket } from '../packet.ts'

/** What an ERROR says. */
export interface Refusing {
  readonly code: number
  readonly text: string
}

/** The TFTP code of each fault of a file (RFC 1350, "Error Codes"). */
const codes: Readonly<Record<Fault, number>> = {
  'not-found': 1,
  exists: 6,
  denied: 2,
  quota: 3,
  full: 3,
  busy: 0,
  'is-directory': 2,
  'not-directory': 1,
  'not-empty': 0,
  invalid: 2,
  unsupported: 4,
  aborted: 0,
  failed: 0,
}

/** What the peer is told of whatever was thrown; undefined: nothing, because it is gone or is who said so. */
export function refusalOf(thrown: unknown): Refusing | undefined {
  if (thrown instanceof FileError) return { code: codes[thrown.fault], text: thrown.message }
  if (thrown instanceof ProtocolError) return { code: 4, text: thrown.message }
  return undefined
}

/** What is sent for a datagram of `asked` bytes may not be larger than this many times that (reflection attacks). */
const mostAmplification = 3

const aroundText = 5

/** An ERROR packet, its text cut so that it is no weapon: the address that asked may be forged. */
export function errorPacket({ code, text }: Refusing, asked: number): Uint8Array {
  const room = Math.max(0, mostAmplification * asked - aroundText)
  let cut = text
  while (encodeText(cut).length > room) cut = cut.slice(0, Math.min(room, cut.length - 1))
  return encodePacket({ kind: 'error', code, text: cut.toWellFormed() === cut ? cut : '' })
}
