import type { Certificate, TlsIdentity } from '../core/tls.ts'
import type { FtpTls, TlsWishes } from '../ftp/server/ftp-tls.ts'
import { selfSigned } from '../server/self-signed.ts'

/** A certificate that is good for tests until the middle of the century. */
export function testCertificate(...names: readonly string[]): Certificate {
  return selfSigned({ names, from: new Date('2020-01-01'), until: new Date('2049-12-31') })
}

let certificate: Certificate | undefined

const offered: TlsWishes = { control: 'offered', data: 'offered' }

/** TLS for an FTP server of a test, with the certificate of `ferry.example`. */
export function tlsSettings(more: Partial<FtpTls> = {}, identity: Partial<TlsIdentity> = {}): FtpTls {
  certificate ??= testCertificate('ferry.example')
  const shown: TlsIdentity = { certificate, ...identity }
  return {
    identity: () => shown,
    users: offered,
    anonymous: offered,
    reuse: 'prefer',
    end: 'lenient',
    ccc: false,
    certificates: 'off',
    handshakeMs: 5000,
    ...more,
  }
}
