import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Handshake, Secured, ShownCertificate } from './secured.ts'
import type { ServerFacts } from './server/facts.ts'
import { judgeServer } from './server/verdicts.ts'
import type { SftpFindings } from './sftp/findings.ts'
import { judgeSftp } from './sftp/verdicts.ts'
import type { Findings, PassiveStep, Step } from './step.ts'
import type { TftpFindings } from './tftp/findings.ts'
import { judgeTftp } from './tftp/verdicts.ts'
import type { Verdict } from './verdict.ts'
import { judge } from './verdicts/all.ts'

/** A cause of trouble as users meet it, what the doctor finds then, and the verdict that must be among those it gives. */
type Cause = readonly [number: number, words: string, verdicts: () => readonly Verdict[], id: string]

const fine: Step = { outcome: 'works', ms: 2 }
const no = (reply: string): Step => ({ outcome: 'rejected', ms: 2, reply })
const peer = '203.0.113.10'
const whole: PassiveStep = {
  ...fine,
  named: { address: peer, port: 50_001 },
  listed: true,
  listing: { whole: true, lines: 3, understood: 3, utf8: true },
}
const dropped: PassiveStep = { ...whole, outcome: 'silence', ms: 8000, listed: false }
const offer = {
  ...fine,
  kex: ['mlkem768x25519-sha256', 'curve25519-sha256'],
  hostKeys: ['ssh-ed25519'],
  ciphers: ['aes128-gcm@openssh.com'],
  macs: [],
}

function ftp(more: Partial<Findings>): () => readonly Verdict[] {
  return () =>
    judge({
      host: 'files.example.com',
      port: 21,
      security: 'clear',
      local: '192.168.50.2',
      peer,
      lookup: { ...fine, addresses: [peer] },
      knocks: [{ ...fine, address: peer, port: 21 }],
      greeting: { ...fine, speaks: 'ftp', reply: '220 Hello' },
      features: { ...fine, names: ['UTF8', 'MLST'] },
      login: { ...fine, reply: '230 In.' },
      epsv: whole,
      pasv: whole,
      ...more,
    })
}

const nowhere: Partial<Findings> = { greeting: undefined, login: undefined } as never

function unreached(more: Partial<Findings>): () => readonly Verdict[] {
  return ftp({ ...nowhere, ...more })
}

const shaken: Handshake = { ...fine, version: 'TLSv1.3', text: 'TLSv1.3' }
const certificate: ShownCertificate = {
  fingerprint: 'AB:CD',
  subject: 'CN=files.example.com',
  issuer: 'CN=Nobody',
  names: 'DNS:files.example.com',
  validFrom: '2026-01-01',
  validTo: '2027-01-01',
  faults: [],
  daysLeft: 200,
  standing: 'vouched',
}

function tls(more: Secured, rest: Partial<Findings> = {}): () => readonly Verdict[] {
  const usual: Secured = { auth: fine, handshake: shaken, login: fine, prot: fine, epsv: whole, pasv: whole }
  return ftp({ security: 'explicit', ...rest, tls: { ...usual, ...more } })
}

function certified(more: Partial<ShownCertificate>): () => readonly Verdict[] {
  return tls({ handshake: { ...shaken, certificate: { ...certificate, standing: 'unknown', ...more } } })
}

function sftp(more: Partial<SftpFindings>): () => readonly Verdict[] {
  return () =>
    judgeSftp({
      host: 'files.example.com',
      port: 22,
      user: 'anna',
      lookup: { ...fine, addresses: [peer] },
      knocks: [{ ...fine, address: peer, port: 22 }],
      greeting: { ...fine, speaks: 'ssh' },
      offer,
      ...more,
    })
}

function tftp(more: Partial<TftpFindings>): () => readonly Verdict[] {
  return () =>
    judgeTftp({ host: 'boot.example', port: 69, lookup: { ...fine, addresses: [peer] }, peer, ...more })
}

const refusedPort: PassiveStep = { ...dropped, outcome: 'refused' }
const told = { address: '192.168.50.2', port: 40_000 }

/** The client's side: what a person before a client sees. */
const clientCauses: readonly Cause[] = [
  [
    1,
    'the name does not resolve',
    unreached({ lookup: { ...no(''), addresses: [] }, knocks: [] }),
    'name-unknown',
  ],
  [
    2,
    'nothing listens on the port',
    unreached({ knocks: [{ ...fine, outcome: 'refused', address: peer, port: 21 }] }),
    'port-refused',
  ],
  [
    3,
    'a firewall drops, or the host is down',
    unreached({ knocks: [{ ...fine, outcome: 'silence', address: peer, port: 21 }] }),
    'host-silent',
  ],
  [
    3,
    'a firewall drops this port alone',
    unreached({
      knocks: [{ ...fine, outcome: 'silence', address: peer, port: 21 }],
      otherPorts: [{ ...fine, address: peer, port: 22, speaks: 'ssh' }],
    }),
    'port-filtered',
  ],
  [
    4,
    'no greeting: TLS comes first',
    unreached({ greeting: { ...fine, outcome: 'silence', speaks: 'tls' } }),
    'speaks-tls',
  ],
  [
    4,
    'no greeting at all',
    unreached({ greeting: { ...fine, outcome: 'silence', speaks: 'nothing' } }),
    'greeting-silent',
  ],
  [
    4,
    'a greeting that takes seconds',
    ftp({ greeting: { ...fine, ms: 5000, speaks: 'ftp' } }),
    'greeting-slow',
  ],
  [5, 'another protocol on the port', unreached({ greeting: { ...no(''), speaks: 'ssh' } }), 'speaks-ssh'],
  [
    6,
    'sent away with 421',
    unreached({ greeting: { ...no('421 Too many.'), speaks: 'ftp' } }),
    'turned-away',
  ],
  [6, 'a second session is sent away', ftp({ second: no('421 Too many.') }), 'few-sessions'],
  [
    7,
    'the login wants TLS',
    ftp({ login: no('530 TLS required'), epsv: undefined, pasv: undefined } as never),
    'login-needs-tls',
  ],
  [7, 'a wrong name or password', ftp({ login: no('530 Login incorrect.') }), 'login-refused'],
  [
    8,
    'AUTH TLS is not known',
    tls({ auth: no('502 What?'), handshake: undefined } as never),
    'tls-not-offered',
  ],
  [
    8,
    'AUTH TLS is promised and refused',
    tls({ auth: no('502 What?'), handshake: undefined } as never, {
      features: { ...fine, names: ['AUTH TLS'] },
    }),
    'tls-taken-away',
  ],
  [9, 'hangs after 234', tls({ handshake: { outcome: 'silence', ms: 8000 } }), 'tls-hangs'],
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
  [12, 'login works and the listing hangs', ftp({ epsv: dropped, pasv: dropped }), 'no-data-connection'],
  [
    12,
    'the same, and active mode works',
    ftp({ epsv: dropped, pasv: dropped, portCommand: { ...fine, told } }),
    'passive-port-filtered',
  ],
  [
    12,
    'the passive port is refused',
    ftp({ epsv: refusedPort, pasv: refusedPort, portCommand: { ...fine, told } }),
    'passive-port-refused',
  ],
  [
    13,
    'PASV names a private address',
    ftp({ pasv: { ...whole, named: { address: '10.0.0.5', port: 5 }, elsewhere: true } }),
    'pasv-private-address',
  ],
  [
    13,
    'PASV names 0.0.0.0',
    ftp({ pasv: { ...whole, named: { address: '0.0.0.0', port: 5 }, elsewhere: true } }),
    'pasv-no-address',
  ],
  [
    14,
    'PASV names a third host',
    ftp({ pasv: { ...whole, named: { address: '203.0.113.77', port: 5 }, elsewhere: true } }),
    'pasv-other-address',
  ],
  [
    14,
    'a balancer without affinity',
    ftp({ epsv: refusedPort, tries: [refusedPort, whole] }),
    'balancer-between',
  ],
  [15, 'EPSV is refused, PASV works', ftp({ epsv: no('500 What?') }), 'epsv-refused'],
  [15, 'EPSV is swallowed, PASV works', ftp({ epsv: { outcome: 'silence', ms: 8000 } }), 'epsv-swallowed'],
  [15, 'EPSV names a port that cannot be reached, PASV works', ftp({ epsv: { ...dropped } }), 'epsv-blocked'],
  [
    16,
    'active mode from behind a router',
    ftp({ portCommand: { ...no('500 Illegal PORT'), told } }),
    'active-behind-nat',
  ],
  [
    16,
    'active mode into a firewall',
    ftp({
      local: '203.0.113.20',
      portCommand: { ...fine, outcome: 'silence', told: { ...told, address: '203.0.113.20' } },
    }),
    'active-blocked',
  ],
  [
    17,
    'in clear it works, under TLS no file comes',
    tls({ epsv: dropped, pasv: dropped }, { security: 'clear' }),
    'tls-data-blocked',
  ],
  [
    18,
    'the session of the control connection is wanted',
    tls({
      again: whole,
      withoutSession: { ...whole, listed: false, listing: { whole: false, reply: '522 reuse' } },
    }),
    'tls-reuse-required',
  ],
  [
    18,
    'and none is resumed',
    tls({
      epsv: {
        ...whole,
        listed: false,
        listing: { whole: false, reply: '522 SSL connection failed; session reuse required' },
      },
      pasv: undefined,
    } as never),
    'tls-reuse-impossible',
  ],
  [
    19,
    'the first file comes and the second does not',
    tls({ again: { ...whole, listed: false, listing: { whole: false, reply: '425 No.' } } }),
    'tls-ticket-used-up',
  ],
  [
    20,
    'ends that are not said',
    tls({
      epsv: {
        ...whole,
        listing: { whole: true, tls: { version: 'TLSv1.2', resumed: true, ending: 'fin-only' } },
      },
    }),
    'tls-end-not-said',
  ],
  [
    20,
    'files that come short',
    ftp({ roundTrip: { ...no(''), stage: 'compare', bytesBack: 3 } }),
    'round-trip-compare',
  ],
  [21, 'text mode', ftp({ roundTrip: { ...no(''), stage: 'compare', bytesBack: 15 } }), 'round-trip-ascii'],
  [
    22,
    'a router forgets the session',
    ftp({ rested: { outcome: 'silence', ms: 8000, idleMs: 300_000 } }),
    'idle-forgotten',
  ],
  [23, 'each reply takes 40 ms more', ftp({ idle: { ...fine, ms: 45 } }), 'replies-delayed'],
  [
    24,
    'nothing may be written',
    ftp({ roundTrip: { ...no('550 Permission denied.'), stage: 'STOR' } }),
    'round-trip-stor',
  ],
  [
    25,
    'names that are no UTF-8',
    ftp({ epsv: { ...whole, listing: { whole: true, lines: 2, understood: 2, utf8: false } } }),
    'names-not-utf8',
  ],
  [
    26,
    'listings that nobody can read',
    ftp({ epsv: { ...whole, listing: { whole: true, lines: 9, understood: 0, utf8: true } } }),
    'listing-riddle',
  ],
  [
    27,
    'the server ends idle sessions',
    ftp({ rested: { ...no('421 Timeout.'), idleMs: 300_000 } }),
    'idle-sent-away',
  ],
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

const wellServed: ServerFacts = {
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
const serverCauses: readonly Cause[] = [
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
  [15, 'a balancer', ftp({ epsv: refusedPort, tries: [refusedPort, whole] }), 'balancer-between'],
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

for (const [side, causes, most] of [
  ['client', clientCauses, 36],
  ['server', serverCauses, 24],
] as const) {
  for (const [number, words, verdicts, id] of causes) {
    test(`${side} cause ${number}, ${words}: ${id}`, () => {
      const all = verdicts()
      const verdict = all.find((one) => one.id === id)
      assert.ok(verdict, `only ${all.map((one) => one.id).join(' ')}`)
      assert.ok(verdict.fixes.length > 0, 'no line to change')
      assert.match(verdict.sentence, /^\S.*[.?]$/u)
    })
  }

  test(`none of the ${most} causes at the ${side}'s side is missing`, () => {
    const known = new Set(causes.map(([number]) => number))
    const missing = Array.from({ length: most }, (_none, at) => at + 1).filter((number) => !known.has(number))
    assert.deepEqual(missing, [])
  })
}

test('a server that is well gets no verdict but that', () => {
  assert.deepEqual(
    judgeServer(wellServed).map(({ id }) => id),
    ['healthy'],
  )
  assert.deepEqual(
    ftp({})().map(({ id }) => id),
    ['healthy'],
  )
})
