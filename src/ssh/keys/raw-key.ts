import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'

/** A private key out of its numbers, as key files hold them. */
export function rsaKey(numbers: Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'qi', Uint8Array>>): KeyObject {
  const { n, e, d, p, q, qi } = numbers
  const secret = numberOf(d)
  return fromJwk({
    kty: 'RSA',
    n: text(n),
    e: text(e),
    d: text(d),
    p: text(p),
    q: text(q),
    qi: text(qi),
    dp: text(bytesOf(secret % (numberOf(p) - 1n))),
    dq: text(bytesOf(secret % (numberOf(q) - 1n))),
  })
}

export function ed25519Key(seed: Uint8Array, point: Uint8Array): KeyObject {
  return fromJwk({ kty: 'OKP', crv: 'Ed25519', d: text(seed), x: text(point) })
}

const curves: Readonly<Record<string, { jwk: string; size: number }>> = {
  nistp256: { jwk: 'P-256', size: 32 },
  nistp384: { jwk: 'P-384', size: 48 },
  nistp521: { jwk: 'P-521', size: 66 },
}

/** `point` is uncompressed: 4, x, y. */
export function ecdsaKey(curve: string, point: Uint8Array, secret: Uint8Array): KeyObject {
  const known = curves[curve]
  if (known === undefined || point.length !== 1 + 2 * known.size || secret.length > known.size) {
    throw new ProtocolError('an ECDSA key of no curve that SSH knows')
  }
  const { jwk, size } = known
  const d = new Uint8Array(size)
  d.set(secret, size - secret.length)
  return fromJwk({
    kty: 'EC',
    crv: jwk,
    x: text(point.subarray(1, 1 + size)),
    y: text(point.subarray(1 + size)),
    d: text(d),
  })
}

function fromJwk(key: JsonWebKey): KeyObject {
  try {
    return createPrivateKey({ key, format: 'jwk' })
  } catch (cause) {
    throw new ProtocolError('the numbers in the file are no key', { cause })
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
}

function bytesOf(number: bigint): Uint8Array {
  const hex = number.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
