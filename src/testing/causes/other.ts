import { fine, no, offer, sftp, tftp, type Cause } from './cause.ts'

/** What goes wrong with SFTP and TFTP. */
export const otherCauses: readonly Cause[] = [
  [
    28,
    'no algorithm in common',
    sftp({ offer: { ...offer, kex: ['diffie-hellman-group1-sha1'] } }),
    'ssh-nothing-in-common',
  ],
  [
    29,
    'the key of the host has changed',
    sftp({ hostKey: { ...no(''), algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x', trust: 'changed' } }),
    'host-key-changed',
  ],
  [30, 'too many keys', sftp({ login: { outcome: 'cut', ms: 3, keysTried: 6 } }), 'ssh-too-many-keys'],
  [
    31,
    'a profile that prints',
    sftp({ login: { ...fine, keysTried: 0 }, subsystem: fine, session: no('') }),
    'sftp-noise',
  ],
  [31, 'no subsystem', sftp({ login: { ...fine, keysTried: 0 }, subsystem: no('') }), 'sftp-missing'],
  [
    32,
    'nothing against quantum computers',
    sftp({ offer: { ...offer, kex: ['curve25519-sha256'] } }),
    'ssh-not-post-quantum',
  ],
  [
    33,
    'the answer by UDP is lost',
    tftp({
      plain: { outcome: 'silence', ms: 8000, options: {} },
      rich: { outcome: 'silence', ms: 8000, options: {} },
    }),
    'tftp-silent',
  ],
  [
    34,
    'stops at 32 MiB',
    tftp({
      file: 'f',
      plain: { ...fine, options: {} },
      rich: { ...fine, options: {}, taken: { tsize: '99999999', blksize: '512', windowsize: '4' } },
    }),
    'tftp-block-numbers-end',
  ],
  [
    35,
    'large blocks do not arrive',
    tftp({
      file: 'f',
      plain: { ...fine, options: {} },
      rich: { ...fine, options: {}, taken: { blksize: '1428', windowsize: '4' } },
      large: { outcome: 'silence', ms: 8000, options: {}, taken: { blksize: '8192' } },
    }),
    'tftp-pieces-lost',
  ],
  [
    36,
    'not found under the right name',
    tftp({ file: 'f', plain: { ...no(''), code: 1, options: {} } }),
    'tftp-not-found',
  ],
  [36, 'not given', tftp({ file: 'f', plain: { ...no(''), code: 2, options: {} } }), 'tftp-denied'],
]
