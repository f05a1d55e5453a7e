import type { PassiveStep } from '../../doctor/step.ts'
import { dropped, fine, ftp, no, peer, refusedPort, tls, told, whole, type Cause } from './cause.ts'

const refused = { outcome: 'refused', listed: false } as const
const lost = { outcome: 'silence', ms: 8000, listed: false } as const

const stalled: PassiveStep = { ...whole, listed: false, listing: { whole: false, lines: 0 } }
const changed = { ...no(''), stage: 'compare', bytesSent: 17 } as const

function at(port: number): PassiveStep {
  return { ...whole, named: { address: peer, port } }
}

/** What goes wrong with the data connections of FTP, and with what travels there. */
export const dataCauses: readonly Cause[] = [
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
    13,
    'PASV names the public address to somebody inside',
    ftp({
      peer: '10.20.0.10',
      pasv: {
        ...whole,
        named: { address: peer, port: 5 },
        elsewhere: true,
        outcome: 'silence',
        atPeer: 'works',
      },
    }),
    'pasv-public-address-inside',
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
    ftp({ epsv: { ...refusedPort, again: 'works' }, tries: [{ command: 'EPSV', ...whole }] }),
    'balancer-between',
  ],
  [
    14,
    'some of the passive ports are refused, whoever knocks',
    ftp({
      epsv: { ...at(50_007), ...refused, again: 'refused' },
      pasv: { ...at(50_008), ...refused, again: 'refused' },
      tries: [{ command: 'EPSV', ...at(50_001) }],
    }),
    'passive-partly-open',
  ],
  [
    14,
    'some of the passive ports are swallowed: the first works, the second does not',
    ftp({
      pasv: { ...at(50_007), ...lost },
      tries: [
        { command: 'EPSV', ...at(50_002) },
        { command: 'PASV', ...at(50_003) },
      ],
    }),
    'passive-partly-open',
  ],
  [
    14,
    'one port is reached now and then',
    ftp({ pasv: { ...whole, ...lost }, tries: [{ command: 'PASV', ...whole }] }),
    'passive-now-and-then',
  ],
  [
    15,
    'PASV names ports that cannot be reached, those of EPSV can',
    ftp({ pasv: { ...at(50_007), ...lost }, tries: [{ command: 'PASV', ...at(50_009), ...lost }] }),
    'pasv-blocked',
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
    16,
    'active mode from another address of the server',
    ftp({ portCommand: { ...fine, told, cameFrom: { address: '203.0.113.11', port: 20 } } }),
    'active-from-elsewhere',
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
    ftp({ roundTrip: { ...no(''), stage: 'compare', bytesBack: 3, bytesSent: 17 } }),
    'round-trip-compare',
  ],
  [21, 'text mode', ftp({ roundTrip: { ...changed, bytesBack: 15 } }), 'round-trip-ascii'],
  [21, 'text mode that adds', ftp({ roundTrip: { ...changed, bytesBack: 20 } }), 'round-trip-ascii'],
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
    36,
    'full packets are lost, and the listing is the first that needs some',
    ftp({ epsv: stalled, pasv: stalled }),
    'listing-stalls',
  ],
  [
    36,
    'the same on the way to the server',
    ftp({ roundTrip: { outcome: 'silence', ms: 8000, stage: 'STOR' } }),
    'round-trip-stalls',
  ],
  [
    36,
    'the same on the way back',
    ftp({ roundTrip: { outcome: 'silence', ms: 8000, stage: 'RETR' } }),
    'round-trip-stalls',
  ],
  [
    12,
    'passive mode is switched off, and active mode is refused',
    ftp({
      epsv: no('550 Permission denied.'),
      pasv: no('550 Permission denied.'),
      portCommand: { ...no('500 Illegal PORT'), told },
    }),
    'no-data-connection',
  ],
  [
    12,
    'passive mode is switched off',
    ftp({
      epsv: no('550 Permission denied.'),
      pasv: no('550 Permission denied.'),
      portCommand: { ...fine, told },
    }),
    'passive-off',
  ],
  [
    12,
    'no port is free for passive mode',
    ftp({ epsv: no('425 No port.'), pasv: no('425 No port.'), portCommand: { ...fine, told } }),
    'passive-no-port',
  ],
  [
    24,
    'nothing may be listed',
    ftp({
      epsv: { ...whole, listed: false, listing: { whole: false, reply: '550 Permission denied.' } },
      pasv: undefined as never,
      portCommand: { ...no('550 Permission denied.'), told },
    }),
    'listing-refused',
  ],
  [
    24,
    'vsftpd cannot open the folder',
    ftp({
      epsv: {
        ...whole,
        listing: { whole: true, lines: 0, reply: '226 Transfer done (but failed to open directory).' },
      },
      pasv: undefined as never,
    }),
    'listing-refused',
  ],
  [
    24,
    'nothing may be fetched',
    ftp({ sample: { ...no('550 Failed to open file.'), bytes: 0 } }),
    'download-refused',
  ],
  [
    24,
    'the disk is full',
    ftp({ roundTrip: { ...no('452 No space left on device.'), stage: 'STOR' } }),
    'round-trip-full',
  ],
  [
    24,
    'the quota is used up',
    ftp({ roundTrip: { ...no('552 Quota exceeded.'), stage: 'STOR' } }),
    'round-trip-full',
  ],
]
