import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { TlsIdentity } from '../../core/tls.ts'
import type { FtpTls } from '../../ftp/server/ftp-tls.ts'
import { Certificates, type CertificateFiles, type ShownCertificate } from '../../server/certificates.ts'
import { usualDataFolder } from '../../server/data-folder.ts'
import { keptCertificate, keptCertificateName } from '../../server/kept-certificate.ts'
import { keptFileError } from './kept-file-error.ts'
import type { ServeWords } from './serve-options.ts'
import { UsageError } from '../usage-error.ts'

/** TLS as `ferry serve` gives it. */
export interface TlsService {
  readonly tls: FtpTls
  /** What is shown now. */
  readonly identity: TlsIdentity
  shown(): readonly ShownCertificate[]
  /** Looks at once whether the files have changed: why they cannot be taken. */
  look(): Promise<readonly string[]>
  close(): void
}

/** Reads the certificates, or makes one and keeps it; undefined: no TLS is wanted. `changed` is told of each new one. */
export async function tlsService(
  wish: ServeWords,
  events: Events,
  changed: (identity: TlsIdentity) => void = () => undefined,
): Promise<TlsService | undefined> {
  const { tls } = wish
  const isOff = tls.users.control === 'off' && tls.anonymous.control === 'off'
  if (isOff && wish.ftpsPort === 'off') return undefined
  if (wish.ftpPort === 'off' && wish.ftpsPort === 'off') return undefined
  const certificates = await open(wish, events, changed)
  return {
    tls: ftpTls(wish, (host) => certificates.identityFor(host)),
    get identity() {
      return certificates.identity
    },
    shown: () => certificates.shown,
    look: () => certificates.look(),
    close: () => certificates.close(),
  }
}

/** TLS as the words ask for it, with what is to be shown. */
export function ftpTls({ tls }: ServeWords, identity: FtpTls['identity']): FtpTls {
  return {
    identity,
    users: tls.users,
    anonymous: tls.anonymous,
    reuse: tls.reuse,
    end: tls.end,
    ccc: tls.ccc,
    certificates: tls.clientCertificates,
    handshakeMs: 10_000,
  }
}

async function open(
  wish: ServeWords,
  events: Events,
  changed: (identity: TlsIdentity) => void,
): Promise<Certificates> {
  const { files: named, clientAuthorities, revoked } = wish.tls
  const files = named.length > 0 ? named : await own(wish)
  try {
    return await Certificates.open({
      files,
      clientCertificates: wish.tls.clientCertificates === 'off' ? 'off' : 'ask',
      ...(clientAuthorities === undefined ? {} : { clientAuthorities }),
      ...(revoked === undefined ? {} : { revoked }),
      clock: systemClock,
      events,
      changed,
    })
  } catch (thrown) {
    throw new UsageError(`the certificate cannot be used: ${asError(thrown).message}`)
  }
}

async function own(wish: ServeWords): Promise<readonly CertificateFiles[]> {
  const folder = wish.data ?? usualDataFolder()
  try {
    const path = await keptCertificate(folder, systemClock)
    return [{ chain: path, key: path }]
  } catch (thrown) {
    throw keptFileError('the certificate', join(folder, keptCertificateName), thrown)
  }
}
