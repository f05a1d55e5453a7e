import { fine, ftp, no, peer, tls, unreached, type Cause } from './cause.ts'

/** Why a person before an FTP client is not let in. */
export const reachingCauses: readonly Cause[] = [
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
]
