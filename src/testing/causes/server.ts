import type { ServerFacts } from '../../doctor/server/facts.ts'
import { judgeServer } from '../../doctor/server/verdicts.ts'
import type { Verdict } from '../../doctor/verdict.ts'
import { fine, ftp, no, offer, peer, refusedPort, sftp, tftp, tls, told, type Cause } from './cause.ts'

/** What there is to know of a machine that is well. */
export const wellServed: ServerFacts = {
  running: true,
  addresses: [peer],
  host: undefined,
  ports: [{ service: 'FTP', transport: 'tcp', port: 21, state: 'ours', firewall: 'lets in' }],
  passive: { first: 20_000, last: 20_100, expected: 20, taken: [], firewall: 'lets in' },
  publicAddress: { said: undefined, addresses: [], lookupMs: 0 },
  firewallRead: true,
  ftpHelper: false,
  container: false,
  tls: 'required',
  tlsReuse: 'prefer',
  openSecrets: [],
  disk: { folder: '/srv', freeBytes: 1e12, freeFiles: 1e6 },
  openFiles: 65_536,
  conntrack: { count: 10, most: 65_536 },
  clockInStep: true,
  homes: [],
  accounts: 3,
  bans: 0,
  anonymous: false,
  weakPasswords: [],
  legacySsh: false,
  tftpWrite: false,
  leftovers: 0,
  cipherMegabytes: 2000,
}

function server(more: Partial<ServerFacts>): () => readonly Verdict[] {
  return () => judgeServer({ ...wellServed, ...more })
}

const port = { service: 'FTP', transport: 'tcp', port: 21, state: 'ours', firewall: 'lets in' } as const
const passive = wellServed.passive as Exclude<ServerFacts['passive'], string>
const shownCertificate = {
  file: '/etc/cert.pem',
  daysLeft: 200,
  names: 'DNS:a',
  keyFits: true,
  chainLength: 2,
}

/** The server's side: what whoever keeps a server can be told. */
export const serverCauses: readonly Cause[] = [
  [1, 'the port is taken', server({ ports: [{ ...port, state: 'taken' }] }), 'server-port-taken'],
  [
    1,
    'the port is for root',
    server({ ports: [{ ...port, state: 'not-permitted' }] }),
    'server-port-not-permitted',
  ],
  [2, 'no public address is set', server({ addresses: ['10.0.0.5'] }), 'server-public-address-missing'],
  [
    2,
    'a public address that is not ours',
    server({
      publicAddress: { said: 'a', addresses: ['203.0.113.9'], lookupMs: 1 },
      outside: { sees: peer, ports: [] },
    }),
    'server-public-address-other',
  ],
  [
    2,
    'a public address that is no name',
    server({ publicAddress: { said: 'a', addresses: [], lookupMs: 1, fault: 'no' } }),
    'server-public-address-unknown',
  ],
  [3, 'any passive port', server({ passive: 'any' }), 'server-passive-any'],
  [3, 'too few passive ports', server({ passive: { ...passive, last: 20_003 } }), 'server-passive-short'],
  [
    3,
    'passive ports that a firewall drops',
    server({ passive: { ...passive, firewall: 'drops' } }),
    'server-passive-dropped',
  ],
  [
    3,
    'passive ports that others have',
    server({ passive: { ...passive, taken: [20_001] } }),
    'server-passive-taken',
  ],
  [
    3,
    'passive ports of the system',
    server({ passive: { ...passive, ephemeral: { first: 20_000, last: 30_000 } } }),
    'server-passive-ephemeral',
  ],
  [
    3,
    'not reached from outside',
    server({ outside: { sees: peer, ports: [{ port: 21, outcome: 'not reached' }] } }),
    'server-not-reached-from-outside',
  ],
  [
    3,
    'the control port is dropped',
    server({ ports: [{ ...port, firewall: 'drops' }] }),
    'server-port-dropped',
  ],
  [4, 'a helper is attached', server({ ftpHelper: true }), 'server-ftp-helper'],
  [
    5,
    'homes are missing',
    server({ homes: [{ account: 'anna', folder: '/no', fault: 'missing' }] }),
    'server-home-missing',
  ],
  [5, 'there are no accounts', server({ accounts: 0 }), 'server-no-accounts'],
  [
    6,
    'the certificate expires',
    server({ certificate: { ...shownCertificate, daysLeft: 3 } }),
    'server-certificate-ends-soon',
  ],
  [
    6,
    'the certificate has expired',
    server({ certificate: { ...shownCertificate, daysLeft: -3 } }),
    'server-certificate-expired',
  ],
  [
    6,
    'the key does not fit',
    server({ certificate: { ...shownCertificate, keyFits: false } }),
    'server-certificate-unusable',
  ],
  [
    6,
    'no names in it',
    server({ certificate: { ...shownCertificate, names: '' } }),
    'server-certificate-nameless',
  ],
  [
    6,
    'other names in it',
    server({ certificate: shownCertificate, publicAddress: { said: 'b', addresses: [peer], lookupMs: 1 } }),
    'server-certificate-other-name',
  ],
  [
    6,
    'no chain',
    server({ certificate: { ...shownCertificate, chainLength: 1 } }),
    'server-certificate-alone',
  ],
  [
    6,
    'RSA with 1024 bits',
    server({ certificate: { ...shownCertificate, rsaBits: 1024 } }),
    'server-certificate-weak',
  ],
  [
    6,
    'a key that all may read',
    server({ openSecrets: [{ file: '/k', mode: '644' }] }),
    'server-secret-readable',
  ],
  [7, 'resumption is required', server({ tlsReuse: 'require' }), 'server-tls-reuse-required'],
  [8, 'old versions of TLS', tls({ old: [{ ...fine, version: 'TLS 1.0' }] }), 'tls-old-versions'],
  [8, 'passwords in clear', server({ tls: 'offered' }), 'server-tls-not-required'],
  [8, 'no TLS', server({ tls: 'off' }), 'server-tls-off'],
  [
    9,
    'folders that may not be written',
    server({ homes: [{ account: 'anna', folder: '/no', fault: 'not writable' }] }),
    'server-home-locked',
  ],
  [
    10,
    'the disk is full',
    server({ disk: { folder: '/srv', freeBytes: 100, freeFiles: 1e6 } }),
    'server-disk-full',
  ],
  [
    10,
    'the disk is nearly full',
    server({ disk: { folder: '/srv', freeBytes: 1e8, freeFiles: 1e6 } }),
    'server-disk-nearly-full',
  ],
  [11, 'few open files', server({ openFiles: 64 }), 'server-few-open-files'],
  [
    11,
    'the table of connections is full',
    server({ conntrack: { count: 60_000, most: 65_536 } }),
    'server-connection-table-full',
  ],
  [
    12,
    'idle sessions are forgotten',
    ftp({ rested: { outcome: 'cut', ms: 3, idleMs: 300_000 } }),
    'idle-forgotten',
  ],
  [
    13,
    'slow look-ups',
    server({ publicAddress: { said: 'a', addresses: [peer], lookupMs: 5000 } }),
    'server-lookup-slow',
  ],
  [
    14,
    'AAAA and no listener',
    server({ host: '0.0.0.0', publicAddress: { said: 'a', addresses: [peer, '2001:db8::1'], lookupMs: 5 } }),
    'server-ipv6-not-listening',
  ],
  [15, 'a balancer', ftp({ epsv: { ...refusedPort, again: 'works' } }), 'balancer-between'],
  [16, 'a container', server({ container: true }), 'server-in-container'],
  [
    17,
    'active mode is refused',
    ftp({ portCommand: { ...no('500 Illegal PORT'), told } }),
    'active-behind-nat',
  ],
  [18, 'bans', server({ bans: 2 }), 'server-bans'],
  [18, 'passwords that are guessed', server({ weakPasswords: ['anna'] }), 'server-weak-password'],
  [19, 'a clock that nobody sets', server({ clockInStep: false }), 'server-clock-adrift'],
  [20, 'host keys of SHA-1 alone', sftp({ offer: { ...offer, hostKeys: ['ssh-rsa'] } }), 'ssh-host-key-old'],
  [20, 'old algorithms', server({ legacySsh: true }), 'server-ssh-legacy'],
  [
    20,
    'broken algorithms are offered',
    sftp({ offer: { ...offer, ciphers: ['aes128-gcm@openssh.com', '3des-cbc'] } }),
    'ssh-old-algorithms',
  ],
  [
    21,
    'a home that cannot be listed',
    sftp({ login: { ...fine, keysTried: 0 }, listing: { ...no(''), entries: 0 } }),
    'sftp-no-listing',
  ],
  [22, 'TFTP is not there', tftp({ plain: { ...fine, outcome: 'refused', options: {} } }), 'tftp-refused'],
  [22, 'TFTP that all may write', server({ tftpWrite: true }), 'server-tftp-writes'],
  [23, 'a slow processor', server({ cipherMegabytes: 60 }), 'server-cipher-slow'],
  [24, 'parts of uploads', server({ leftovers: 50 }), 'server-parts-left'],
]
