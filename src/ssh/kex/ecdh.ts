import { createECDH, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { Writer } from '../wire/writer.ts'
import type { Half, KexMethod, Secret } from './method.ts'

/** X25519 (RFC 8731). */
export function curve25519(name: string): KexMethod {
  return symmetric(name, 'sha256', () => {
    const { publicKey, shared } = x25519Pair()
    return { offer: publicKey, agree: async (offer) => asNumber(shared(offer)) }
  })
}

/** ECDH over the curves of NIST (RFC 5656 §4). */
export function ecdhNist(
  name: string,
  curve: 'prime256v1' | 'secp384r1' | 'secp521r1',
  hash: 'sha256' | 'sha384' | 'sha512',
): KexMethod {
  return symmetric(name, hash, () => {
    const pair = createECDH(curve)
    const offer = pair.generateKeys()
    return {
      offer,
      async agree(other) {
        // Only points as they are written in full (RFC 5656 §4): OpenSSL checks that they are on the curve.
        if (other[0] !== 4) throw new ProtocolError('a point that is not one of the curve')
        try {
          return asNumber(pair.computeSecret(other))
        } catch (cause) {
          throw new ProtocolError('a point that is not one of the curve', { cause })
        }
      },
    }
  })
}

/** One X25519 key and what it agrees on with another's. */
export function x25519Pair(): { publicKey: Uint8Array; shared: (other: Uint8Array) => Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return {
    publicKey: new Uint8Array(spki.subarray(x25519Prefix.length)),
    shared(other) {
      if (other.length !== 32) throw new ProtocolError('an X25519 key of a wrong length')
      try {
        // OpenSSL refuses a secret of zeros, as RFC 8731 §3 wants.
        return diffieHellman({ privateKey, publicKey: x25519Public(other) })
      } catch (cause) {
        throw new ProtocolError('an X25519 key that gives no secret', { cause })
      }
    },
  }
}

/** What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410). */
const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex')

function x25519Public(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([x25519Prefix, bytes]), format: 'der', type: 'spki' })
}

function asNumber(secret: Uint8Array): Secret {
  return new Writer(80).mpint(secret).done()
}

/** A method in which both sides do the same. */
function symmetric(name: string, hash: KexMethod['hash'], half: () => Half): KexMethod {
  return {
    name,
    hash,
    begin: async () => half(),
    async answer(offer) {
      const mine = half()
      return { offer: mine.offer, secret: await mine.agree(offer) }
    },
  }
}
