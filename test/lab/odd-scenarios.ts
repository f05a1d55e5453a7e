import { addresses } from './lab.ts'
import { range, type Scenario } from './scenario.ts'
import { serveAt, slowProftpd } from './servers.ts'

/** What is rarer: balancers, black holes, helpers that are in the way, and what TLS changes. */
export const oddScenarios: readonly Scenario[] = [
  {
    name: 'IPv6 alone',
    from: 'visitor',
    at: 'public',
    to: '[2001:db8::10]',
    prepare: (lab) =>
      lab.rules(
        'visitor',
        'table ip no4 { chain out { type filter hook output priority filter; oifname != "lo" drop; }; }\n',
      ),
    first: 'healthy',
    curl: true,
  },
  {
    name: 'hairpin: a client beside the server, by the public address',
    from: 'server',
    at: 'server',
    to: addresses.serverNat,
    serve: [...range, '--public-address', addresses.serverNat],
    prepare: (lab) => {
      lab.forward('21, 50000-50009')
      lab.rules('server-nat', 'add rule ip nat post iifname "in0" oifname "in0" masquerade')
      lab.rules('server-nat', 'add rule ip filt through iifname "in0" oifname "in0" accept')
    },
    first: 'healthy',
    // The server sees the router's inner address, takes it for a neighbour, and names its own private address.
    notes: ['active-behind-nat', 'pasv-private-address'],
    curl: true,
  },
  {
    name: 'layer-4 balancer before two servers',
    from: 'visitor',
    at: 'server',
    to: addresses.serverNat,
    serve: [...range, '--public-address', addresses.serverNat],
    apart: true,
    async prepare(lab, files) {
      await serveAt(lab, 'public', files, 21, [...range, '--public-address', addresses.serverNat])
      lab.rules(
        'server-nat',
        `add rule ip nat pre ip daddr ${addresses.serverNat} tcp dport { 21, 50000-50009 } dnat to numgen inc mod 2 map { 0 : ${addresses.server}, 1 : ${addresses.public} }`,
      )
    },
    first: 'balancer-between',
    curl: true,
  },
  {
    name: 'MTU black hole: full packets are dropped, and nobody says so',
    from: 'client',
    at: 'public',
    to: addresses.public,
    prepare: (lab) =>
      lab.rules(
        'client-nat',
        'table ip hole { chain through { type filter hook forward priority -10; meta length > 1300 drop; }; }\n',
      ),
    first: 'large-packets-lost',
    notes: ['active-behind-nat'],
    curl: false,
    get: 6,
  },
  {
    name: 'EPSV is swallowed on the way',
    from: 'client',
    at: 'public',
    to: addresses.public,
    // The first four letters behind a TCP header with timestamps.
    prepare: (lab) =>
      lab.rules(
        'client-nat',
        'table ip swallow { chain through { type filter hook forward priority -10; tcp dport 21 @th,256,32 0x45505356 drop; }; }\n',
      ),
    getWords: ['--retries', '1'],
    first: 'healthy',
    notes: ['epsv-swallowed', 'active-behind-nat'],
    curl: false,
    get: 0,
  },
  {
    name: 'server behind NAT with an FTP helper, in clear and under TLS',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    serve: ['--tls', 'offered'],
    prepare(lab) {
      lab.forward('21')
      lab.helperBefore('server-nat', 21)
    },
    first: 'tls-data-blocked',
    notes: ['active-behind-nat', 'certificate-other-name', 'certificate-self-signed', 'login-in-clear'],
    curl: true,
    get: 3,
  },
  {
    name: 'client behind NAT with an FTP helper on port 21, under TLS',
    from: 'client',
    at: 'public',
    to: addresses.public,
    scheme: 'ftpes',
    serve: ['--tls', 'required'],
    prepare: (lab) => lab.helper(21),
    doctorWords: ['--trust-once'],
    getWords: ['--tls', 'prefer'],
    curlWords: ['--ssl-reqd', '-k'],
    first: 'healthy',
    notes: ['active-behind-nat', 'certificate-other-name', 'certificate-self-signed'],
    curl: true,
  },
  {
    name: 'server that requires data connections to resume the TLS session',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    scheme: 'ftpes',
    serve: ['--tls', 'required', '--tls-reuse', 'require'],
    doctorWords: ['--trust-once'],
    getWords: ['--tls', 'prefer'],
    curlWords: ['--ssl-reqd', '-k'],
    first: 'healthy',
    notes: ['certificate-other-name', 'certificate-self-signed', 'tls-reuse-required'],
    curl: true,
  },
  {
    name: 'NAT that forgets the control connection during a long transfer',
    from: 'client',
    at: 'public',
    to: addresses.public,
    foreign: slowProftpd,
    prepare: (lab) => lab.forgetful('client-nat', 23),
    doctorWords: ['--idle', '25'],
    takesSeconds: 27,
    // ProFTPD sends 16 KB every four seconds.
    patience: 7,
    first: 'idle-forgotten',
    notes: ['active-behind-nat'],
    curl: false,
    get: 0,
  },
]
