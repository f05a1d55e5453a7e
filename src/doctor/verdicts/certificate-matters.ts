import type { ShownCertificate } from '../secured.ts'
import type { Fix } from '../verdict.ts'

/** One thing that can be the matter with a certificate. */
export interface Matter {
  readonly id: string
  /** The faults that it is, as OpenSSL or Node name them. */
  readonly faults: readonly string[]
  readonly sentence: (host: string, shown: ShownCertificate) => string
  readonly fixes: readonly Fix[]
  /** Who knows the certificate to be right can say so. */
  readonly mayBePinned?: true
}

/** What is the matter with a certificate, what a day can mend first; empty: nothing. */
export function mattersOf(shown: ShownCertificate): readonly Matter[] {
  const found = matters.filter(({ faults }) => faults.some((fault) => faultsOf(shown).includes(fault)))
  return found.length === 0 && shown.faults.length > 0 ? [unnamed] : found
}

/** OpenSSL does not say whose term has ended: the certificate's, or that of one above it. */
function faultsOf({ faults, daysLeft }: ShownCertificate): readonly string[] {
  return daysLeft < 0 ? faults : faults.map((fault) => (fault === 'CERT_HAS_EXPIRED' ? expiredAbove : fault))
}

const expiredAbove = 'expired above'

/** How to show a certificate that is good for longer. */
export const renew: readonly Fix[] = [
  {
    side: 'server',
    program: 'Ferry',
    line: 'ferry serve … --cert FILE --key FILE; it reads them again by itself',
  },
  { side: 'server', program: 'you', line: 'renew it (certbot renew), and have the server read it again' },
]

const whole: readonly Fix[] = [
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
]

const matters: readonly Matter[] = [
  {
    id: 'certificate-expired',
    faults: ['CERT_HAS_EXPIRED'],
    sentence: (_host, { validTo }) => `The certificate of the server has expired on ${validTo}.`,
    fixes: renew,
  },
  {
    id: 'certificate-chain-expired',
    faults: [expiredAbove],
    sentence: (_host, { issuer }) =>
      `The certificate of the server is good, and one of those that vouch for it has expired (${issuer} or above).`,
    fixes: [...renew, ...whole],
  },
  {
    id: 'certificate-not-yet',
    faults: ['CERT_NOT_YET_VALID'],
    sentence: (_host, { validFrom }) =>
      `The certificate is good from ${validFrom} on, or the clock of this machine is wrong.`,
    fixes: [{ side: 'client', program: 'you', line: 'set the clock (timedatectl set-ntp true)' }],
  },
  {
    id: 'certificate-self-signed',
    faults: ['DEPTH_ZERO_SELF_SIGNED_CERT'],
    sentence: () => 'The certificate of the server vouches for itself: clients ask, warn or refuse.',
    fixes: [
      { side: 'server', program: 'you', line: 'a certificate of an authority (Let’s Encrypt costs nothing)' },
    ],
    mayBePinned: true,
  },
  {
    id: 'certificate-own-authority',
    faults: ['SELF_SIGNED_CERT_IN_CHAIN'],
    sentence: (_host, { issuer }) =>
      `The certificate comes from an authority that this machine does not know (${issuer}), perhaps one of the house.`,
    fixes: [
      { side: 'client', program: 'Ferry', line: '--ca FILE, with the certificate of that authority' },
      {
        side: 'client',
        program: 'you',
        line: 'put it among those that the system trusts (update-ca-certificates)',
      },
    ],
    mayBePinned: true,
  },
  {
    id: 'certificate-chain-incomplete',
    faults: [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    sentence: (_host, { issuer }) =>
      `The server does not show who vouches for its certificate up to an authority that is known here (${issuer}).`,
    fixes: whole,
    mayBePinned: true,
  },
  {
    id: 'certificate-other-name',
    faults: ['ERR_TLS_CERT_ALTNAME_INVALID'],
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
  {
    id: 'certificate-revocation-unknown',
    faults: ['UNABLE_TO_GET_CRL', 'CRL_HAS_EXPIRED', 'CRL_NOT_YET_VALID'],
    sentence: (_host, { issuer }) =>
      `Whether the certificate has been revoked is not known: the list of ${issuer} is missing in --crl, or old.`,
    fixes: [{ side: 'client', program: 'Ferry', line: '--crl FILE, with a list of today of each authority' }],
  },
  {
    id: 'certificate-weak',
    faults: ['CA_MD_TOO_WEAK', 'EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL'],
    sentence: () => 'The certificate is too weak: a short key, or a signature over an old hash.',
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'a new certificate with a new key, of P-256 or RSA of 2048 bits',
      },
    ],
    mayBePinned: true,
  },
  {
    id: 'certificate-other-purpose',
    faults: ['INVALID_PURPOSE', 'INVALID_CA'],
    sentence: () => 'The certificate is not meant for servers, or was signed by who may not sign.',
    fixes: [
      { side: 'server', program: 'you', line: 'a certificate for servers (extended key usage serverAuth)' },
    ],
    mayBePinned: true,
  },
]

const unnamed: Matter = {
  id: 'certificate-not-trusted',
  faults: [],
  sentence: (_host, { faults }) => `The certificate is not one to trust: ${faults.join(', ')}.`,
  fixes: [],
  mayBePinned: true,
}
