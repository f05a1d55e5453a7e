import type { DetailedPeerCertificate } from 'node:tls'

/**
 * Whether a list takes back a certificate or one of those above it. OpenSSL looks for that too, and then names another fault
 * if there is one (of a certificate that has expired as well that), behind which nobody would see it. The list is our own
 * file, so who has signed it is not asked.
 */
export function isRevoked(shown: DetailedPeerCertificate, lists: string): boolean {
  const revoked = new Set(bodiesOf(lists).flatMap((list) => revokedIn(list)))
  for (let at = shown, above = 0; above < mostAbove; above += 1) {
    const name = nameOf(at.raw)
    if (name !== undefined && revoked.has(name)) return true
    const { issuerCertificate: issuer } = at as { issuerCertificate?: DetailedPeerCertificate }
    if (issuer === undefined || !('fingerprint256' in issuer) || issuer === at) return false
    at = issuer
  }
  return false
}

/** OpenSSL follows no longer chain. */
const mostAbove = 100

/** A value of DER (X.690): its tag, and where what is in it begins and ends. */
interface Value {
  readonly tag: number
  readonly whole: Uint8Array
  readonly content: Uint8Array
}

const [integer, sequence] = [0x02, 0x30]

/** The values in a row; undefined: it is no DER. */
function valuesIn(bytes: Uint8Array): readonly Value[] | undefined {
  const values: Value[] = []
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, short] = bytes.subarray(at)
    if (short === undefined) return undefined
    const more = short < 0x80 ? 0 : short & 0x7f
    if (short === 0x80 || more > 4) return undefined
    let length = more === 0 ? short : 0
    for (const byte of bytes.subarray(at + 2, at + 2 + more)) length = length * 256 + byte
    const begin = at + 2 + more
    const end = begin + length
    if (end > bytes.length) return undefined
    values.push({ tag, whole: bytes.subarray(at, end), content: bytes.subarray(begin, end) })
    at = end
  }
  return values
}

/** What is signed of a certificate or a list, field by field. */
function fieldsOf(der: Uint8Array): readonly Value[] {
  const [outer] = valuesIn(der) ?? []
  const [signed] = (outer && valuesIn(outer.content)) ?? []
  return (signed && valuesIn(signed.content)) ?? []
}

/** Who issued it, and its number there (RFC 5280 §4.1): nobody else has both. */
function nameOf(certificate: Uint8Array): string | undefined {
  const [first, ...others] = fieldsOf(certificate)
  // The version, in a tag of its own, is left out where it is the first one.
  const [serial, , issuer] = first?.tag === integer ? [first, ...others] : others
  return serial === undefined || issuer === undefined ? undefined : named(issuer, serial)
}

function named(issuer: Value, serial: Value): string {
  return `${Buffer.from(issuer.whole).toString('base64')} ${Buffer.from(serial.content).toString('hex')}`
}

/** Who is in a list (RFC 5280 §5.1), which has a version, an algorithm, who issued it, one or two times, and then those. */
function revokedIn(list: Uint8Array): readonly string[] {
  const [first, ...others] = fieldsOf(list)
  const [, issuer, ...rest] = first === undefined || first.tag === integer ? others : [first, ...others]
  const entries = rest.find(({ tag }) => tag === sequence)
  if (issuer === undefined || entries === undefined) return []
  return (valuesIn(entries.content) ?? []).flatMap(({ content }) => {
    const serial = valuesIn(content)?.[0]
    return serial?.tag === integer ? named(issuer, serial) : []
  })
}

function bodiesOf(pem: string): readonly Uint8Array[] {
  const found = pem.matchAll(/-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/gu)
  return [...found].map(([, body = '']) => Buffer.from(body, 'base64'))
}
