import { createPublicKey, sign, type KeyObject } from 'node:crypto'
import { blobOf, curves, type CurveName } from './public-key.ts'
import type { Signer } from './signer.ts'
import { signingAlgorithms } from './signing-algorithms.ts'
import { Reader } from './wire/reader.ts'
import { Writer } from './wire/writer.ts'

/** A private key that this process holds, as a Signer. Throws ProtocolError for a kind that SSH does not know. */
export function signerOf(key: KeyObject, comment = ''): Signer {
  const blob = blobOf(createPublicKey(key))
  const kind = new Reader(blob).text()
  const algorithms = signingAlgorithms(kind)
  return {
    blob,
    algorithms,
    comment,
    async sign(data, algorithm) {
      if (!algorithms.includes(algorithm) && algorithm !== kind)
        throw new Error(`this key cannot sign by ${algorithm}`)
      return new Writer(640)
        .string(algorithm)
        .string(signature(key, kind, data, algorithm))
        .done()
    },
  }
}

const rsaHashes: Readonly<Record<string, string>> = {
  'rsa-sha2-512': 'sha512',
  'rsa-sha2-256': 'sha256',
  // Only an old device is ever asked for or given this.
  'ssh-rsa': 'sha1',
}

function signature(key: KeyObject, kind: string, data: Uint8Array, algorithm: string): Uint8Array {
  if (kind === 'ssh-rsa') return sign(rsaHashes[algorithm], data, key)
  if (kind === 'ssh-ed25519') return sign(null, data, key)
  const { hash, size } = curves[kind.slice('ecdsa-sha2-'.length) as CurveName]
  const pair = sign(hash, data, { key, dsaEncoding: 'ieee-p1363' })
  return new Writer(160).mpint(pair.subarray(0, size)).mpint(pair.subarray(size)).done()
}
