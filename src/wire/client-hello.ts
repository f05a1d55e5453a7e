import type { ClientHello } from '../core/tls.ts'

/** The longest record there may be, with its header (RFC 8446 §5.1): no ClientHello that is meant well needs more. */
export const longestHello = 5 + 16_384

/**
 * Reads a ClientHello (RFC 8446 §4.1.2), in one record or cut over several; undefined while it has not come whole. What is
 * none offers nothing: the handshake itself will tell.
 */
export function readClientHello(bytes: Uint8Array): ClientHello | undefined {
  const message = handshakeIn(bytes)
  if (message === 'cut') return undefined
  return message === 'none' || message[0] !== clientHello ? nothing : readMessage(message)
}

/** Whether these are the first bytes of a ClientHello: no FTP client begins a file like that by chance. */
export function beginsTls(bytes: Uint8Array): boolean {
  const [type = handshake, major = 3, , , , message = clientHello] = bytes
  return type === handshake && major === 3 && message === clientHello
}

const recordHeader = 5
const messageHeader = 4
const handshake = 22
const clientHello = 1
const sessionTicket = 35
const preSharedKey = 41
const supportedVersions = 43
const tls12 = 0x0303
/** In front of each ticket that OpenSSL makes. */
const keyNameSize = 16
/** A client has few tickets for one server. */
const mostTickets = 8

const nothing: ClientHello = { resumes: false, takesOlder: true, ticketKeys: [], sessionId: '' }

/** The first message of the handshake, out of the records that it lies in. */
function handshakeIn(bytes: Uint8Array): Uint8Array | 'cut' | 'none' {
  const pieces: Uint8Array[] = []
  let size = 0
  let wanted = messageHeader
  for (let at = 0; size < wanted;) {
    if (at >= bytes.length) return 'cut'
    if (bytes[at] !== handshake) return 'none'
    const end = at + recordHeader + two(bytes, at + 3)
    if (at + recordHeader > bytes.length || end > bytes.length) return 'cut'
    pieces.push(bytes.subarray(at + recordHeader, end))
    size += end - at - recordHeader
    at = end
    if (size >= messageHeader) wanted = messageHeader + sizeOf(Buffer.concat(pieces))
  }
  return Buffer.concat(pieces).subarray(0, wanted)
}

function sizeOf(message: Uint8Array): number {
  return (message[1] ?? 0) * 65_536 + two(message, 2)
}

function readMessage(bytes: Uint8Array): ClientHello {
  // Behind the header, the version and the random.
  const idAt = messageHeader + 2 + 32
  const idEnd = idAt + 1 + (bytes[idAt] ?? 0)
  const suitesEnd = idEnd + 2 + two(bytes, idEnd)
  const start = suitesEnd + 1 + (bytes[suitesEnd] ?? 0)
  const end = Math.min(bytes.length, start + 2 + two(bytes, start))
  let { resumes, takesOlder } = nothing
  const ticketKeys: string[] = []
  for (let at = start + 2; at + 4 <= end; at += 4 + two(bytes, at + 2)) {
    const body = bytes.subarray(at + 4, Math.min(end, at + 4 + two(bytes, at + 2)))
    const kind = two(bytes, at)
    if (kind === supportedVersions) takesOlder = hasTls12(body)
    else if (kind === sessionTicket && body.length > keyNameSize) ticketKeys.push(keyName(body))
    else if (kind === preSharedKey) {
      resumes = true
      ticketKeys.unshift(...identityNames(body))
    }
  }
  return { resumes, takesOlder, ticketKeys, sessionId: hex(bytes.subarray(idAt + 1, idEnd)) }
}

/** RFC 8446 §4.2.11: identities with their sizes, each with its age behind it. */
function identityNames(body: Uint8Array): readonly string[] {
  const names: string[] = []
  const end = Math.min(body.length, 2 + two(body, 0))
  for (let at = 2; at + 2 <= end && names.length < mostTickets; at += 2 + two(body, at) + 4) {
    const identity = body.subarray(at + 2, Math.min(end, at + 2 + two(body, at)))
    if (identity.length > keyNameSize) names.push(keyName(identity))
  }
  return names
}

function keyName(ticket: Uint8Array): string {
  return hex(ticket.subarray(0, keyNameSize))
}

function hasTls12(body: Uint8Array): boolean {
  const [size = 0] = body
  for (let place = 1; place < 1 + size; place += 2) if (two(body, place) === tls12) return true
  return false
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function two(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
