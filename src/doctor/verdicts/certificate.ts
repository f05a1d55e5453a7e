import { pinOf } from '../../core/certificate.ts'
import type { ShownCertificate } from '../secured.ts'
import type { Findings } from '../step.ts'
import type { Fix, Verdict } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** What is the matter with the certificate. */
export const certificateRules: readonly Rule[] = [notTrusted, endsSoon]

interface Matter {
  readonly id: string
  readonly sentence: (host: string, shown: ShownCertificate) => string
  readonly fixes: readonly Fix[]
  /** Who knows the certificate to be right can say so. */
  readonly mayBePinned?: true
}

const renew: readonly Fix[] = [
  {
    side: 'server',
    program: 'Ferry',
    line: 'ferry serve … --cert FILE --key FILE; it reads them again by itself',
  },
  { side: 'server', program: 'you', line: 'renew it (certbot renew), and have the server read it again' },
]

function pin({ fingerprint }: ShownCertificate): readonly Fix[] {
  return [
    {
      side: 'client',
      program: 'Ferry',
      line: `compare the fingerprint with the owner, then say yes when asked, or --pin ${pinOf(fingerprint)}`,
    },
    {
      side: 'client',
      program: 'FileZilla',
      line: 'compare the fingerprint with the owner, then Always trust',
    },
    { side: 'client', program: 'WinSCP', line: 'compare the fingerprint, then -certificate="…" in scripts' },
    { side: 'client', program: 'lftp', line: 'set ssl:ca-file FILE' },
    { side: 'client', program: 'curl', line: '--cacert FILE, or --pinnedpubkey' },
  ]
}

const matters: Readonly<Record<'expired' | 'early' | 'self' | 'name' | 'chain', Matter>> = {
  expired: {
    id: 'certificate-expired',
    sentence: (_host, { validTo }) => `The certificate of the server has expired on ${validTo}.`,
    fixes: renew,
  },
  early: {
    id: 'certificate-not-yet',
    sentence: (_host, { validFrom }) =>
      `The certificate is good from ${validFrom} on, or the clock of this machine is wrong.`,
    fixes: [{ side: 'client', program: 'you', line: 'set the clock (timedatectl set-ntp true)' }],
  },
  self: {
    id: 'certificate-self-signed',
    sentence: () => 'The certificate of the server vouches for itself: clients ask, warn or refuse.',
    fixes: [
      { side: 'server', program: 'you', line: 'a certificate of an authority (Let’s Encrypt costs nothing)' },
    ],
    mayBePinned: true,
  },
  name: {
    id: 'certificate-other-name',
    sentence: (host, { names, subject }) =>
      `The certificate is for ${names === '' ? subject : names}, and not for ${host}.`,
    fixes: [
      { side: 'client', program: 'you', line: 'connect by a name that stands in the certificate' },
      {
        side: 'server',
        program: 'you',
        line: 'a certificate with this name in it (subject alternative name)',
      },
    ],
  },
  chain: {
    id: 'certificate-chain-incomplete',
    sentence: (_host, { issuer }) =>
      `The server does not show who vouches for its certificate up to an authority that is known here (${issuer}).`,
    fixes: [
      { side: 'server', program: 'Ferry', line: '--cert fullchain.pem, not cert.pem' },
      { side: 'server', program: 'vsftpd', line: 'rsa_cert_file=fullchain.pem' },
      { side: 'server', program: 'ProFTPD', line: 'TLSCertificateChainFile chain.pem' },
      {
        side: 'server',
        program: 'Pure-FTPd',
        line: 'pure-ftpd.pem with key, certificate and chain, in this order',
      },
      {
        side: 'server',
        program: 'FileZilla Server',
        line: 'the certificate file with its intermediates behind it',
      },
      { side: 'server', program: 'IIS', line: 'import the intermediate authority into the machine’s store' },
    ],
    mayBePinned: true,
  },
}

const matterOf: Readonly<Record<string, Matter>> = {
  CERT_HAS_EXPIRED: matters.expired,
  CERT_NOT_YET_VALID: matters.early,
  DEPTH_ZERO_SELF_SIGNED_CERT: matters.self,
  SELF_SIGNED_CERT_IN_CHAIN: matters.chain,
  ERR_TLS_CERT_ALTNAME_INVALID: matters.name,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: matters.chain,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: matters.chain,
}

function notTrusted(found: Findings): Verdict | undefined {
  const shown = found.tls?.handshake?.certificate
  if (shown?.fault === undefined || shown.standing === 'revoked') return undefined
  // One that has expired has mostly another fault too, and this is the one that a day can mend.
  const matter = shown.daysLeft < 0 ? matters.expired : matterOf[shown.fault]
  const stopped = found.tls?.login?.outcome === 'not-tried' && shown.standing === 'unknown'
  return {
    id: matter?.id ?? 'certificate-not-trusted',
    weight: stopped ? 'trouble' : 'note',
    sentence: matter?.sentence(found.host, shown) ?? `The certificate is not one to trust: ${shown.fault}.`,
    evidence: [
      `${shown.subject}, by ${shown.issuer}, good until ${shown.validTo}`,
      `SHA-256 ${shown.fingerprint}`,
      ...taken(found, shown),
    ],
    fixes: [
      ...(matter?.fixes ?? []),
      ...(shown.standing === 'unknown' && (matter === undefined || matter.mayBePinned === true)
        ? pin(shown)
        : []),
      ...(stopped
        ? [
            {
              side: 'client',
              program: 'Ferry',
              line: 'ferry doctor --trust-once … looks further all the same',
            } as const,
          ]
        : []),
    ],
    broken: stopped ? 'tls' : 'none',
  }
}

function taken({ tls }: Findings, { standing }: ShownCertificate): readonly string[] {
  if (standing === 'pinned') return ['it is pinned, so Ferry takes it all the same']
  if (standing === 'known')
    return [`it was accepted before (${tls?.before?.keptIn ?? ''}), so Ferry takes it`]
  return []
}

/** Two weeks are what a renewal that went wrong leaves to mend it. */
const soonDays = 14

function endsSoon({ tls }: Findings): Verdict | undefined {
  const shown = tls?.handshake?.certificate
  if (shown === undefined || shown.daysLeft < 0 || shown.daysLeft >= soonDays) return undefined
  return {
    id: 'certificate-ends-soon',
    weight: 'note',
    sentence: `The certificate of the server ends in ${shown.daysLeft} days, on ${shown.validTo}.`,
    evidence: [shown.subject],
    fixes: renew,
    broken: 'none',
  }
}
