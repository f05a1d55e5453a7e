import { ProtocolError } from '../core/error.ts'
import { isSignature, parsePublicKey, readPublicKey, type PublicKey } from './public-key.ts'
import { Reader } from './wire/reader.ts'

/** A certificate of OpenSSH (PROTOCOL.certkeys), its signature proven. Whether its authority is trusted is another's to say. */
export interface Certificate {
  readonly role: 'user' | 'host'
  /** The key that is certified. */
  readonly key: PublicKey
  readonly serial: number
  /** What the authority calls it in its log. */
  readonly name: string
  /** For whom it holds; empty: for anybody. */
  readonly principals: readonly string[]
  /** From and until when, in seconds since 1970. */
  readonly validAfter: number
  readonly validBefore: number
  /** What must be understood, or the certificate does not hold. */
  readonly critical: ReadonlyMap<string, Uint8Array>
  readonly authority: PublicKey
}

const suffix = '-cert-v01@openssh.com'

/** Whether the name of an algorithm, or kind of key, is that of a certificate. */
export function isCertificateName(name: string): boolean {
  return name.endsWith(suffix)
}

/** The algorithm that signatures are made with by a key behind a certificate: `rsa-sha2-512`, `sk-ssh-ed25519@openssh.com`. */
export function plainAlgorithm(name: string): string {
  const plain = name.slice(0, -suffix.length)
  return plain.startsWith('sk-') ? `${plain}@openssh.com` : plain
}

const mostPrincipals = 256

/** Reads a certificate and proves that its authority has signed it. */
export function parseCertificate(blob: Uint8Array): Certificate {
  const reader = new Reader(blob)
  const kind = reader.text()
  if (!isCertificateName(kind)) throw new ProtocolError('this is no certificate')
  reader.string() // a nonce, which keeps the authority from signing what another has chosen
  const plain = readPublicKey(plainAlgorithm(kind), reader)
  const serial = reader.uint64()
  const role = roleOf(reader.uint32())
  const name = reader.text()
  const principals = strings(reader.string())
  const validAfter = reader.uint64()
  const validBefore = reader.uint64()
  const critical = options(reader.string())
  reader.string() // extensions: what a shell may do, which is not served
  reader.string() // reserved
  const authority = parsePublicKey(reader.string())
  const signed = blob.subarray(0, reader.at)
  const signature = reader.string()
  if (reader.left > 0) throw new ProtocolError('a certificate with something behind it')
  const algorithm = new Reader(signature).text()
  if (algorithm === 'ssh-rsa') {
    const hint = 'ssh-keygen -t rsa-sha2-512 -s CA signs it anew'
    throw new ProtocolError(`a certificate that is signed by RSA with SHA-1, which can be forged: ${hint}`)
  }
  if (!isSignature(authority, algorithm, signed, signature))
    throw new ProtocolError('a certificate that its authority has not signed')
  const key = { ...plain, blob }
  return { role, key, serial, name, principals, validAfter, validBefore, critical, authority }
}

/** Why a certificate does not hold for somebody now; undefined: it does, if its authority is trusted. */
export function certificateTrouble(
  certificate: Certificate,
  role: Certificate['role'],
  principal: string,
  nowMs: number,
): string | undefined {
  const now = nowMs / 1000
  if (certificate.role !== role) return `it is a certificate for a ${certificate.role}`
  if (now < certificate.validAfter) return 'the certificate is not valid yet'
  if (now >= certificate.validBefore) return 'the certificate is not valid any more'
  // Without principals a host's is for any host (PROTOCOL.certkeys, and ssh takes it so). OpenSSH takes a user's for nobody since
  // 2020, as an empty list is mostly a mistake.
  if (role === 'host' && certificate.principals.length === 0) return undefined
  if (!certificate.principals.includes(principal)) return `the certificate is not for ${principal}`
  return undefined
}

function roleOf(number: number): Certificate['role'] {
  if (number === 1) return 'user'
  if (number === 2) return 'host'
  throw new ProtocolError('a certificate for neither users nor hosts')
}

function strings(bytes: Uint8Array): string[] {
  const reader = new Reader(bytes)
  const found: string[] = []
  while (reader.left > 0) {
    found.push(reader.text())
    if (found.length > mostPrincipals) throw new ProtocolError('a certificate for too many')
  }
  return found
}

function options(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const reader = new Reader(bytes)
  const found = new Map<string, Uint8Array>()
  while (reader.left > 0) {
    found.set(reader.text(), reader.string())
    if (found.size > mostPrincipals) throw new ProtocolError('a certificate with too many options')
  }
  return found
}
