import { ProtocolError } from '../../core/error.ts'
import { isCertificateName, plainAlgorithm } from '../certificate.ts'
import type { Signer } from '../signer.ts'
import { signingAlgorithms } from '../signing-algorithms.ts'
import { Reader } from '../wire/reader.ts'

/**
 * The same key, shown with its certificate (OpenSSH's PROTOCOL.certkeys): `text` is a line of a `-cert.pub` file. undefined: it
 * certifies another key.
 */
export function withCertificate(signer: Signer, text: string): Signer | undefined {
  const [, base64 = ''] = text.trim().split(/\s+/u)
  const blob = Buffer.from(base64, 'base64')
  const kind = blob.length > 4 ? new Reader(blob).text() : ''
  if (!isCertificateName(kind)) throw new ProtocolError('this is no certificate')
  if (!certifies(blob, kind, signer.blob)) return undefined
  return {
    blob,
    comment: `${signer.comment} (certificate)`,
    algorithms: signingAlgorithms(kind),
    sign: (data, algorithm) => signer.sign(data, plainAlgorithm(algorithm)),
  }
}

/** Behind its kind and a nonce a certificate has what the key has behind its kind. */
function certifies(blob: Uint8Array, kind: string, key: Uint8Array): boolean {
  const plain = new Reader(key)
  if (plain.text() !== plainAlgorithm(kind)) return false
  const certificate = new Reader(blob)
  certificate.string()
  certificate.string()
  return (
    certificate.left > plain.left && Buffer.compare(certificate.raw(plain.left), key.subarray(plain.at)) === 0
  )
}
