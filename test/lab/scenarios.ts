import { addresses, type Host, type Lab } from './lab.ts'
import { proftpdMissing, serveAt } from './servers.ts'

/** One way of two hosts to stand to one another, and what is right to say about it. */
export interface Scenario {
  readonly name: string
  /** Where the client is. */
  readonly from: Host
  /** Where the server is; none: nobody serves. */
  readonly at?: Host
  /** What the client connects to. */
  readonly to: string
  readonly port?: number
  /** Words for `ferry serve`. */
  readonly serve?: readonly string[]
  /** Another program that serves. */
  readonly foreign?: 'proftpd'
  /** What the programs speak. */
  readonly scheme?: 'ftp' | 'ftpes'
  readonly doctorWords?: readonly string[]
  readonly getWords?: readonly string[]
  readonly curlWords?: readonly string[]
  /** How long a step waits, in seconds; two if not said. */
  readonly patience?: number
  /** How long a transfer takes there. */
  readonly takesSeconds?: number
  /** The programs run one after the other: each connection counts. */
  readonly apart?: true
  /** Why it cannot be played here. */
  skip?(): string | undefined
  /** Routers and firewalls. */
  prepare?(lab: Lab, files: string): void | Promise<void>
  /** The verdict that must come first. */
  readonly first: string
  /** Those that must be among the others. */
  readonly notes?: readonly string[]
  /** Whether a plain `curl` fetches a file by passive mode. */
  readonly curl: boolean
  /** The exit status of `ferry get`; if not said, 0 where curl fetches and 3 where it cannot. */
  readonly get?: number
}

const range = ['--passive', '50000-50009']

function dropping(what: string, verdict = 'drop'): string {
  return `table inet wall { chain input { type filter hook input priority filter; ${what} ${verdict}; }; }\n`
}

/** The client's own firewall: nobody may come in. */
function closed(verdict: string, except = ''): string {
  return `table inet wall { chain input { type filter hook input priority filter;
    ct state established,related accept
    iifname "lo" accept
    meta l4proto ipv6-icmp accept
    ${except}
    meta l4proto tcp ${verdict}
  }; }\n`
}

/** The scenarios; each row of docs/active-and-passive.md names one. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'public to public',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    first: 'healthy',
    curl: true,
  },
  {
    name: 'client behind NAT',
    from: 'client',
    at: 'public',
    to: addresses.public,
    first: 'healthy',
    notes: ['active-behind-nat'],
    curl: true,
  },
  {
    name: 'client behind NAT with an FTP helper on port 21',
    from: 'client',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.helper(21),
    first: 'healthy',
    notes: ['port-rewritten'],
    curl: true,
  },
  {
    name: 'client behind NAT with an FTP helper on port 21, server on port 2121',
    from: 'client',
    at: 'public',
    to: addresses.public,
    port: 2121,
    prepare: (lab) => lab.helper(21),
    first: 'healthy',
    notes: ['active-behind-nat'],
    curl: true,
  },
  {
    name: 'client firewall drops inbound',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.rules('visitor', closed('drop')),
    first: 'healthy',
    notes: ['active-blocked'],
    curl: true,
  },
  {
    name: 'client firewall rejects inbound',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.rules('visitor', closed('reject with tcp reset')),
    first: 'healthy',
    notes: ['active-blocked'],
    curl: true,
  },
  {
    name: 'client firewall lets in from port 20 to high ports alone',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.rules('visitor', closed('drop', 'tcp sport 20 tcp dport 1024-65535 accept')),
    first: 'healthy',
    curl: true,
  },
  {
    name: 'server behind NAT, only port 21 forwarded',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    serve: range,
    prepare: (lab) => lab.forward('21'),
    first: 'no-data-connection',
    notes: ['pasv-private-address'],
    curl: false,
  },
  {
    name: 'server behind NAT, only port 21 forwarded, client public',
    from: 'visitor',
    at: 'server',
    to: addresses.serverNat,
    serve: range,
    prepare: (lab) => lab.forward('21'),
    first: 'passive-port-refused',
    notes: ['pasv-private-address'],
    curl: false,
    // By active mode, once passive mode has failed.
    get: 0,
  },
  {
    name: 'server behind NAT, range forwarded, public address not set',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    serve: range,
    prepare: (lab) => lab.forward('21, 50000-50009'),
    first: 'healthy',
    notes: ['pasv-private-address', 'active-behind-nat'],
    curl: true,
  },
  {
    name: 'server behind NAT, range forwarded, public address set',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    serve: [...range, '--public-address', addresses.serverNat],
    prepare: (lab) => lab.forward('21, 50000-50009'),
    first: 'healthy',
    notes: ['active-behind-nat'],
    curl: true,
  },
  {
    name: 'server behind NAT, the wrong half of the range forwarded',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    serve: ['--passive', '50005-50009', '--public-address', addresses.serverNat],
    prepare: (lab) => lab.forward('21, 50000-50004'),
    first: 'no-data-connection',
    curl: false,
  },
  {
    name: 'server behind NAT that forwards nothing (carrier-grade)',
    from: 'client',
    at: 'server',
    to: addresses.serverNat,
    first: 'port-refused',
    curl: false,
  },
  {
    name: 'server firewall drops the range',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    serve: range,
    prepare: (lab) => lab.rules('public', dropping('tcp dport 50000-50009')),
    first: 'passive-port-filtered',
    curl: false,
    // By active mode, once passive mode has failed.
    get: 0,
  },
  {
    name: 'server firewall drops the range, client behind NAT',
    from: 'client',
    at: 'public',
    to: addresses.public,
    serve: range,
    prepare: (lab) => lab.rules('public', dropping('tcp dport 50000-50009')),
    first: 'no-data-connection',
    curl: false,
  },
  {
    name: 'PASV names an address of somebody else',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    serve: ['--public-address', addresses.nobody],
    first: 'healthy',
    notes: ['pasv-other-address'],
    curl: true,
  },
  {
    name: 'server firewall drops the control port',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.rules('public', dropping('tcp dport 21')),
    first: 'port-filtered',
    curl: false,
  },
  {
    name: 'server firewall drops everything',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    prepare: (lab) => lab.rules('public', dropping('ip saddr 203.0.113.0/24')),
    first: 'host-silent',
    curl: false,
  },
  {
    name: 'nothing listens on the port, but on another',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    port: 8021,
    serve: ['--ftp', '2121'],
    first: 'port-refused',
    curl: false,
  },
  {
    name: 'nobody has that address',
    from: 'visitor',
    to: addresses.nobody,
    first: 'host-silent',
    curl: false,
  },
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
    notes: ['active-behind-nat', 'certificate-self-signed', 'login-in-clear'],
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
    notes: ['active-behind-nat', 'certificate-self-signed'],
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
    notes: ['certificate-self-signed', 'tls-reuse-required'],
    curl: true,
  },
  {
    name: 'NAT that forgets the control connection during a long transfer',
    from: 'client',
    at: 'public',
    to: addresses.public,
    foreign: 'proftpd',
    skip: () => proftpdMissing(),
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

/** How the two stand to the world, and whether TLS is spoken, in the words of docs/active-and-passive.md. */
export function standing({ from, at, scheme, serve = [] }: Scenario): {
  readonly client: string
  readonly server: string
  readonly tls: string
} {
  return {
    client: from === 'client' ? 'behind NAT' : from === 'server' ? 'beside the server' : 'public',
    server: at === undefined ? 'nobody' : at === 'server' ? 'behind NAT' : 'public',
    tls: scheme === 'ftpes' ? 'yes' : serve.includes('offered') ? 'both' : 'no',
  }
}
