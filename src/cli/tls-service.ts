import { systemClock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { FtpTls } from '../ftp/server/security.ts'
import {
  Certificates,
  fingerprintOf,
  type CertificateFiles,
  type ShownCertificate,
} from '../server/certificates.ts'
import { usualDataFolder } from '../server/data-folder.ts'
import { keptCertificate } from '../server/kept-certificate.ts'
import type { ServeWords } from './serve-options.ts'
import { UsageError } from './usage-error.ts'

/** TLS as `ferry serve` gives it. */
export interface TlsService {
  readonly tls: FtpTls
  readonly fingerprint: string
  shown(): readonly ShownCertificate[]
  /** Looks at once whether the files have changed. */
  look(): Promise<void>
  close(): void
}

/** Reads the certificates, or makes one and keeps it; undefined: no TLS is wanted. */
export async function tlsService(wish: ServeWords, events: Events): Promise<TlsService | undefined> {
  const { tls } = wish
  const isOff = tls.users.control === 'off' && tls.anonymous.control === 'off'
  if (isOff && wish.ftpsPort === 'off') return undefined
  if (wish.ftpPort === 'off' && wish.ftpsPort === 'off') return undefined
  const certificates = await open(wish, events)
  return {
    tls: {
      identity: (host) => certificates.identityFor(host),
      users: tls.users,
      anonymous: tls.anonymous,
      reuse: tls.reuse,
      end: tls.end,
      ccc: tls.ccc,
      certificates: tls.clientCertificates,
      handshakeMs: 10_000,
    },
    fingerprint: fingerprintOf(certificates.identity.certificate),
    shown: () => certificates.shown,
    look: () => certificates.look(),
    close: () => certificates.close(),
  }
}

async function open(wish: ServeWords, events: Events): Promise<Certificates> {
  const { files, clientAuthorities, revoked } = wish.tls
  try {
    return await Certificates.open({
      files: files.length > 0 ? files : await own(wish),
      clientCertificates: wish.tls.clientCertificates === 'off' ? 'off' : 'ask',
      ...(clientAuthorities === undefined ? {} : { clientAuthorities }),
      ...(revoked === undefined ? {} : { revoked }),
      clock: systemClock,
      events,
    })
  } catch (thrown) {
    throw new UsageError(`the certificate cannot be used: ${asError(thrown).message}`)
  }
}

async function own(wish: ServeWords): Promise<readonly CertificateFiles[]> {
  const path = await keptCertificate(wish.data ?? usualDataFolder(), systemClock)
  return [{ chain: path, key: path }]
}
