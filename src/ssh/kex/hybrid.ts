import * as crypto from 'node:crypto'
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { Writer } from '../wire/writer.ts'
import { x25519Pair } from './ecdh.ts'
import type { KexMethod, Secret } from './method.ts'

const keyLength = 1184
const sealedLength = 1088

/**
 * mlkem768x25519-sha256 (draft-ietf-sshm-mlkem-hybrid-kex): who records today must break both ML-KEM and X25519 to read it
 * later. undefined where this Node's OpenSSL has no ML-KEM.
 */
export function mlkem768x25519(): KexMethod | undefined {
  if (!hasMlKem()) return undefined
  return {
    name: 'mlkem768x25519-sha256',
    hash: 'sha256',
    async begin() {
      const { publicKey, privateKey } = crypto.generateKeyPairSync('ml-kem-768')
      const classic = x25519Pair()
      const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-keyLength)
      return {
        offer: Buffer.concat([raw, classic.publicKey]),
        async agree(offer) {
          if (offer.length !== sealedLength + 32) throw new ProtocolError('an answer of a wrong length')
          const inner = crypto.decapsulate(privateKey, offer.subarray(0, sealedLength))
          return joined(inner, classic.shared(offer.subarray(sealedLength)))
        },
      }
    },
    async answer(offer) {
      if (offer.length !== keyLength + 32) throw new ProtocolError('an ML-KEM key of a wrong length')
      const { sharedKey, ciphertext } = encapsulate(offer.subarray(0, keyLength))
      const classic = x25519Pair()
      const secret = joined(sharedKey, classic.shared(offer.subarray(keyLength)))
      return { offer: Buffer.concat([ciphertext, classic.publicKey]), secret }
    },
  }
}

function hasMlKem(): boolean {
  try {
    crypto.generateKeyPairSync('ml-kem-768')
    return typeof crypto.encapsulate === 'function'
  } catch {
    // Node and OpenSSL that are older: then the other methods are all there is.
    return false
  }
}

/** What stands before the key in a SubjectPublicKeyInfo of ML-KEM-768. */
const prefix = Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex')

function encapsulate(key: Uint8Array): { sharedKey: Uint8Array; ciphertext: Uint8Array } {
  let publicKey: KeyObject
  try {
    publicKey = createPublicKey({ key: Buffer.concat([prefix, key]), format: 'der', type: 'spki' })
  } catch (cause) {
    throw new ProtocolError('an ML-KEM key that is none', { cause })
  }
  return crypto.encapsulate(publicKey)
}

/** Unlike with the others, the secret is a string: the hash of both. */
function joined(inner: Uint8Array, classic: Uint8Array): Secret {
  const hash = createHash('sha256').update(inner).update(classic).digest()
  return new Writer(40).string(hash).done()
}
