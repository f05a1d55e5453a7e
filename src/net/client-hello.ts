/** What of a ClientHello matters before it is answered. */
export interface ClientHello {
  /** It offers to resume a session of TLS 1.3. */
  readonly resumes: boolean
  /** It takes TLS 1.2 as well. */
  readonly takesOlder: boolean
}

/** The longest record there may be, with its header (RFC 8446 §5.1). */
export const longestHello = 5 + 16_384

/**
 * Reads a ClientHello (RFC 8446 §4.1.2); undefined while its record has not come whole. What is none, or is cut over several
 * records, offers nothing: the handshake itself will tell.
 */
export function readClientHello(bytes: Uint8Array): ClientHello | undefined {
  if (bytes.length > 0 && bytes[0] !== handshake) return nothing
  if (bytes.length < headerSize) return undefined
  const end = headerSize + two(bytes, 3)
  if (bytes.length < end) return undefined
  if (bytes[headerSize] !== clientHello) return nothing
  return readExtensions(bytes, extensionsAt(bytes), end)
}

const headerSize = 5
const handshake = 22
const clientHello = 1
const preSharedKey = 41
const supportedVersions = 43
const tls12 = 0x0303

const nothing: ClientHello = { resumes: false, takesOlder: true }

/** Behind the headers, the version, the random, the session, the ciphers and the compressions. */
function extensionsAt(bytes: Uint8Array): number {
  let at = headerSize + 4 + 2 + 32
  at += 1 + (bytes[at] ?? 0)
  at += 2 + two(bytes, at)
  return at + 1 + (bytes[at] ?? 0)
}

function readExtensions(bytes: Uint8Array, start: number, recordEnd: number): ClientHello {
  const end = Math.min(recordEnd, start + 2 + two(bytes, start))
  let { resumes, takesOlder } = nothing
  for (let at = start + 2; at + 4 <= end; at += 4 + two(bytes, at + 2)) {
    const kind = two(bytes, at)
    if (kind === preSharedKey) resumes = true
    if (kind === supportedVersions) takesOlder = hasTls12(bytes, at + 4)
  }
  return { resumes, takesOlder }
}

function hasTls12(bytes: Uint8Array, at: number): boolean {
  const size = bytes[at] ?? 0
  for (let place = at + 1; place < at + 1 + size; place += 2) if (two(bytes, place) === tls12) return true
  return false
}

function two(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
