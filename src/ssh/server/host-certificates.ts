import { ProtocolError } from '../../core/error.ts'
import { isCertificateName, parseCertificate, type Certificate } from '../certificate.ts'
import { withCertificate } from '../keys/with-certificate.ts'
import type { Signer } from '../signer.ts'
import { Reader } from '../wire/reader.ts'

/** A host key that is shown with what an authority says of it. */
export interface CertifiedHostKey {
  readonly signer: Signer
  readonly certificate: Certificate
}

/**
 * The one of these keys that a certificate is for, shown with it: `text` is a line of a `-cert.pub` file. Throws ProtocolError
 * where no client could take it, whenever it came. For how long it holds is the clients' to judge.
 */
export function certifiedHostKey(keys: readonly Signer[], text: string): CertifiedHostKey {
  const signer = keys.map((key) => withCertificate(key, text)).find((one) => one !== undefined)
  if (signer === undefined) throw new ProtocolError('it certifies none of the host keys')
  const certificate = parseCertificate(signer.blob)
  if (certificate.role !== 'host')
    throw new ProtocolError('it is a certificate for a user: ssh-keygen -h makes those for hosts')
  const [demand] = certificate.critical.keys()
  if (demand !== undefined) throw new ProtocolError(`it demands ${demand}, which no client knows of a host`)
  return { signer, certificate }
}

/** The keys as they are, without those that are shown with a certificate. */
export function plainKeys(keys: readonly Signer[]): readonly Signer[] {
  return keys.filter(({ blob }) => !isCertificateName(new Reader(blob).text()))
}
