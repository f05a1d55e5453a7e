import { certified, fine, ftp, tls, type Cause } from './cause.ts'

/** What goes wrong with TLS before a file travels. */
export const secureCauses: readonly Cause[] = [
  [9, 'hangs after 234', tls({ handshake: { outcome: 'silence', ms: 8000 } }), 'tls-hangs'],
  [
    9,
    'short messages of TLS are answered, and long ones are lost',
    tls({
      handshake: { outcome: 'silence', ms: 8000 },
      old: [
        { version: 'TLS 1.0', outcome: 'rejected', ms: 9 },
        { version: 'TLS 1.2', outcome: 'silence', ms: 8000 },
      ],
    }),
    'tls-large-packets-lost',
  ],
  [
    10,
    'old versions alone',
    tls({
      handshake: { outcome: 'cut', ms: 3 },
      old: [
        { ...fine, version: 'TLS 1.0' },
        { ...fine, outcome: 'rejected', version: 'TLS 1.2' },
      ],
    }),
    'tls-too-old',
  ],
  [10, 'no cipher in common', tls({ handshake: { outcome: 'cut', ms: 3 } }), 'tls-handshake-fails'],
  [
    11,
    'the certificate has expired',
    certified({ daysLeft: -3, faults: ['CERT_HAS_EXPIRED'] }),
    'certificate-expired',
  ],
  [
    11,
    'the certificate vouches for itself',
    certified({ faults: ['DEPTH_ZERO_SELF_SIGNED_CERT'] }),
    'certificate-self-signed',
  ],
  [
    11,
    'the certificate is for another name',
    certified({ faults: ['ERR_TLS_CERT_ALTNAME_INVALID'] }),
    'certificate-other-name',
  ],
  [
    11,
    'intermediates are missing',
    certified({ faults: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE'] }),
    'certificate-chain-incomplete',
  ],
  [
    11,
    'one above the certificate has expired',
    certified({ faults: ['CERT_HAS_EXPIRED'] }),
    'certificate-chain-expired',
  ],
  [
    11,
    'an authority of the house has issued it',
    certified({ faults: ['SELF_SIGNED_CERT_IN_CHAIN'] }),
    'certificate-own-authority',
  ],
  [
    11,
    'the list of what is revoked is missing',
    certified({ faults: ['UNABLE_TO_GET_CRL'] }),
    'certificate-revocation-unknown',
  ],
  [
    11,
    'the key of the certificate is short',
    certified({ faults: ['EE_KEY_TOO_SMALL'] }),
    'certificate-weak',
  ],
  [
    11,
    'the certificate is for something else',
    certified({ faults: ['INVALID_PURPOSE'] }),
    'certificate-other-purpose',
  ],
  [
    11,
    'the certificate has a fault of which nobody has heard',
    certified({ faults: ['PATH_LENGTH_EXCEEDED'] }),
    'certificate-not-trusted',
  ],
  [
    11,
    'the certificate has been revoked',
    certified({ faults: ['CERT_REVOKED'], standing: 'revoked' }),
    'certificate-revoked',
  ],
  [
    11,
    'a certificate of ours is demanded, in TLS 1.3',
    tls({ features: { outcome: 'cut', ms: 1, names: [], wantsCertificate: true } }),
    'client-certificate-needed',
  ],
  [
    11,
    'a certificate of ours is demanded, in TLS 1.2',
    tls({
      handshake: { outcome: 'cut', ms: 1 },
      old: [{ outcome: 'works', ms: 1, version: 'TLS 1.2', asksCertificate: true }],
    }),
    'client-certificate-needed',
  ],
  [
    11,
    'a certificate of ours is demanded at the login',
    ftp({ login: { ...fine, outcome: 'rejected', reply: '530 Certificate required.' } }),
    'client-certificate-needed',
  ],
  [
    11,
    'TLS begins and at the first word under it the connection breaks',
    tls({ features: { outcome: 'cut', ms: 1, names: [] } }),
    'tls-breaks',
  ],
  [
    9,
    'a login that vsftpd takes under encryption alone',
    ftp({ login: { ...fine, outcome: 'rejected', reply: '530 Anonymous sessions must use encryption.' } }),
    'login-needs-tls',
  ],
]
