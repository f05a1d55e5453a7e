import { dropped, fine, ftp, no, peer, tls, unreached, type Cause } from './cause.ts'

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
    'the same at every port that was tried',
    unreached({
      knocks: [{ ...fine, outcome: 'silence', address: peer, port: 21 }],
      otherPorts: [{ outcome: 'silence', ms: 3000, address: peer, port: 22, speaks: 'nothing' }],
    }),
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
    3,
    'a firewall rejects everything, or there is no route',
    unreached({ knocks: [{ ...fine, outcome: 'unreachable', address: peer, port: 21 }] }),
    'host-unreachable',
  ],
  [
    3,
    'one of several addresses is dead',
    ftp({
      knocks: [
        { ...fine, address: peer, port: 21 },
        { outcome: 'silence', ms: 8000, address: '203.0.113.77', port: 21 },
      ],
    }),
    'address-dead',
  ],
  [
    3,
    'by IPv6 no data connection comes',
    ftp({ otherFamily: { ...dropped, address: '2001:db8::10' } }),
    'family-blocked',
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
    6,
    'a firewall lets one connection in and not a second',
    ftp({ second: { outcome: 'silence', ms: 8000 } }),
    'second-connection-lost',
  ],
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
  [
    6,
    'vsftpd with a configuration that is wrong',
    unreached({ greeting: { ...no('500 OOPS: cannot open user list file:/etc/x'), speaks: 'ftp' } }),
    'server-fails',
  ],
  [
    7,
    'a jail that may be written to',
    ftp({ login: no('500 OOPS: vsftpd: refusing to run with writable root inside chroot()') }),
    'login-chroot-writable',
  ],
  [
    7,
    'a home that is not there, vsftpd',
    ftp({ login: no('500 OOPS: cannot change directory:/home/anna') }),
    'login-no-home',
  ],
  [
    7,
    'a home that is not there, IIS',
    ftp({ login: no('530 User cannot log in, home directory inaccessible.') }),
    'login-no-home',
  ],
  [7, 'vsftpd fails at the login', ftp({ login: no('500 OOPS: priv_sock_get_cmd') }), 'login-server-fails'],
  [
    7,
    'as many as there may be, ProFTPD',
    ftp({ login: no('530 Sorry, the maximum number of allowed clients (3) are already connected.') }),
    'login-too-many',
  ],
  [
    7,
    'as many as there may be, with TLS on offer',
    ftp({
      login: no('421 There are too many connections from your internet address.'),
      features: { ...fine, names: ['AUTH TLS'] },
    }),
    'login-too-many',
  ],
  [7, 'an account that is on no list', ftp({ login: no('530 Permission denied.') }), 'login-not-allowed'],
  [7, 'guests alone', ftp({ login: no('530 This FTP server is anonymous only.') }), 'login-guests-only'],
  [7, 'no guests', ftp({ anonymous: true, login: no('530 Login incorrect.') }), 'login-no-guests'],
  [7, 'a mainframe that asks for an account', ftp({ login: no('332 Account?') }), 'login-needs-account'],
  [
    8,
    'Pure-FTPd without clear text',
    ftp({ login: no('421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.') }),
    'login-needs-tls',
  ],
  [8, 'FileZilla Server without clear text', ftp({ login: no('503 Use AUTH first.') }), 'login-needs-tls'],
  [
    7,
    'a user whose number is too low',
    ftp({ login: no("530 Sorry, but I can't trust you") }),
    'login-not-allowed',
  ],
]
