import { createHash, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../core/error.ts'
import { Reader } from './wire/reader.ts'
import { Writer } from './wire/writer.ts'

/** A public key out of its blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709, OpenSSH's PROTOCOL.u2f). */
export interface PublicKey {
  /** The kind of key: `ssh-rsa`, `ssh-ed25519`, `sk-ssh-ed25519@openssh.com`, … */
  readonly kind: string
  readonly blob: Uint8Array
  readonly key: KeyObject
  /** What a key on a token was made for; undefined: it is on none. */
  readonly application?: Uint8Array
}

/** Shorter RSA keys are broken within reach. */
const smallestRsa = 2048

/** Reads a blob. Throws ProtocolError where it is no key, or one of a kind that is not taken. */
export function parsePublicKey(blob: Uint8Array): PublicKey {
  const reader = new Reader(blob)
  const found = readPublicKey(reader.text(), reader)
  if (reader.left > 0) throw new ProtocolError('a public key with something behind it')
  return { ...found, blob }
}

/** Reads what comes behind the kind of a key: in its blob, or in a certificate. */
export function readPublicKey(kind: string, reader: Reader): Omit<PublicKey, 'blob'> {
  switch (kind) {
    case 'ssh-ed25519':
      return { kind, key: ed25519(reader.string()) }
    case 'sk-ssh-ed25519@openssh.com': {
      const key = ed25519(reader.string())
      return { kind, key, application: reader.string() }
    }
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return { kind, key: ecdsa(kind.slice(-8), reader) }
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      const key = ecdsa('nistp256', reader)
      return { kind, key, application: reader.string() }
    }
    case 'ssh-rsa': {
      const exponent = reader.mpint()
      return { kind, key: rsa(reader.mpint(), exponent) }
    }
    default:
      throw new ProtocolError(`keys of the kind ${kind.slice(0, 64)} are not taken`)
  }
}

/** The blob of a key of node:crypto; `token`: what makes it one on a token. */
export function blobOf(key: KeyObject, token?: Pick<PublicKey, 'kind' | 'application'>): Uint8Array {
  if (token?.application !== undefined) {
    const plain = new Reader(blobOf(key))
    plain.string()
    return new Writer(256).string(token.kind).raw(plain.raw(plain.left)).string(token.application).done()
  }
  const kind = key.asymmetricKeyType
  // Node makes a JWK of no others (DSA, RSA for PSS alone), and says so by an error of its own.
  if (kind !== 'ed25519' && kind !== 'rsa' && kind !== 'ec') throw unknownKind(kind)
  const jwk = key.export({ format: 'jwk' })
  const writer = new Writer(512)
  if (kind === 'ed25519') return writer.string('ssh-ed25519').string(bytesOf(jwk.x)).done()
  if (kind === 'rsa') return writer.string('ssh-rsa').mpint(bytesOf(jwk.e)).mpint(bytesOf(jwk.n)).done()
  const curve = Object.entries(curves).find(([, { jwk: name }]) => name === jwk.crv)?.[0]
  if (curve === undefined) throw unknownKind(jwk.crv)
  const point = Buffer.concat([Uint8Array.of(4), bytesOf(jwk.x), bytesOf(jwk.y)])
  return writer.string(`ecdsa-sha2-${curve}`).string(curve).string(point).done()
}

function unknownKind(kind = 'no name'): ProtocolError {
  return new ProtocolError(`keys of the kind ${kind} are not taken`)
}

/** `SHA256:…`, as OpenSSH writes it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/u, '')}`
}

/** Whether this is a signature over the data, made with the key and by this algorithm. Never throws. */
export function isSignature(
  key: PublicKey,
  algorithm: string,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const reader = new Reader(signature)
    if (reader.text() !== algorithm || !signsWith(key, algorithm)) return false
    const bytes = reader.string()
    if (key.application === undefined) return reader.left === 0 && matches(key, algorithm, data, bytes)
    const flags = reader.raw(5)
    // Bit 0: somebody has touched the token. Without it malware on the client could sign by itself.
    if (reader.left > 0 || ((flags[0] ?? 0) & 1) === 0) return false
    return matches(key, algorithm, Buffer.concat([sha256(key.application), flags, sha256(data)]), bytes)
  } catch {
    // Cut off, or numbers that OpenSSL does not even look at: no signature.
    return false
  }
}

/** The same for a signature by an RSA key and SHA-1, which is for those who have asked for that. Never throws. */
export function isOldSignature({ key, kind }: PublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const reader = new Reader(signature)
    if (kind !== 'ssh-rsa' || reader.text() !== 'ssh-rsa') return false
    const bytes = reader.string()
    return reader.left === 0 && verify('sha1', data, key, bytes)
  } catch {
    // Cut off: no signature.
    return false
  }
}

/** The curve, hash and size behind each name of RFC 5656. */
export const curves = {
  nistp256: { jwk: 'P-256', hash: 'sha256', size: 32 },
  nistp384: { jwk: 'P-384', hash: 'sha384', size: 48 },
  nistp521: { jwk: 'P-521', hash: 'sha512', size: 66 },
} as const

export type CurveName = keyof typeof curves

/** An RSA key signs by more than one algorithm (RFC 8332); all others by the one of their name. */
export function signsWith({ kind }: PublicKey, algorithm: string): boolean {
  return kind === 'ssh-rsa'
    ? algorithm === 'rsa-sha2-256' || algorithm === 'rsa-sha2-512'
    : algorithm === kind
}

function matches({ key, kind }: PublicKey, algorithm: string, data: Uint8Array, bytes: Uint8Array): boolean {
  if (kind === 'ssh-rsa') return verify(algorithm === 'rsa-sha2-512' ? 'sha512' : 'sha256', data, key, bytes)
  if (kind.includes('ed25519')) return bytes.length === 64 && verify(null, data, key, bytes)
  const { hash, size } = curves[curveOf(kind)]
  const reader = new Reader(bytes)
  const pair = Buffer.concat([padded(reader.mpint(), size), padded(reader.mpint(), size)])
  return reader.left === 0 && verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, pair)
}

function curveOf(kind: string): CurveName {
  return kind.includes('nistp256') ? 'nistp256' : kind.includes('nistp384') ? 'nistp384' : 'nistp521'
}

function padded(number: Uint8Array, size: number): Uint8Array {
  if (number.length > size) throw new ProtocolError('a number that is too large')
  const bytes = new Uint8Array(size)
  bytes.set(number, size - number.length)
  return bytes
}

function ed25519(x: Uint8Array): KeyObject {
  if (x.length !== 32) throw new ProtocolError('an Ed25519 key of a wrong length')
  return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: base64(x) })
}

function ecdsa(curve: string, reader: Reader): KeyObject {
  const { jwk, size } = curves[curveOf(curve)]
  if (reader.text() !== curve) throw new ProtocolError('an ECDSA key that names two curves')
  const point = reader.string()
  if (point[0] !== 4 || point.length !== 1 + 2 * size)
    throw new ProtocolError('an ECDSA key that is no point')
  return fromJwk({
    kty: 'EC',
    crv: jwk,
    x: base64(point.subarray(1, 1 + size)),
    y: base64(point.subarray(1 + size)),
  })
}

function rsa(modulus: Uint8Array, exponent: Uint8Array): KeyObject {
  if (modulus.length * 8 < smallestRsa)
    throw new ProtocolError(`RSA keys below ${smallestRsa} bits are not taken`)
  if (modulus.length > 2048 || exponent.length > 8) throw new ProtocolError('an RSA key that is too large')
  return fromJwk({ kty: 'RSA', n: base64(modulus), e: base64(exponent) })
}

function fromJwk(key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch (cause) {
    throw new ProtocolError('a public key that is none', { cause })
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function bytesOf(text: string | undefined): Uint8Array {
  return Buffer.from(text ?? '', 'base64url')
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
