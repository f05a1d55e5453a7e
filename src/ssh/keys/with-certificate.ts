import { ProtocolError } from '../../core/error.ts'
import type { Signer } from '../signer.ts'
import { Reader } from '../wire/reader.ts'

/** The same key, shown with its certificate (OpenSSH's PROTOCOL.certkeys): `text` is a line of a `-cert.pub` file. */
export function withCertificate(signer: Signer, text: string): Signer {
  const [, base64 = ''] = text.trim().split(/\s+/u)
  const blob = Buffer.from(base64, 'base64')
  const kind = new Reader(blob).text()
  const plain = kind.replace(/-cert-v01@openssh\.com$/u, '')
  if (plain === kind) throw new ProtocolError('this is no certificate')
  return {
    blob,
    comment: `${signer.comment} (certificate)`,
    algorithms:
      plain === 'ssh-rsa' ? signer.algorithms.map((name) => `${name}-cert-v01@openssh.com`) : [kind],
    sign: (data, algorithm) => signer.sign(data, algorithm.replace(/-cert-v01@openssh\.com$/u, '')),
  }
}
