import { addresses } from './lab.ts'
import { sshdMissing } from './published.ts'
import { range, type Scenario } from './scenario.ts'
import { addresslessPyftpdlib } from './servers.ts'

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

/** Routers and firewalls as they stand at home and before servers. */
export const wallScenarios: readonly Scenario[] = [
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
    name: 'server behind NAT that forwards nothing, published through an SSH host',
    from: 'client',
    at: 'server',
    to: addresses.public,
    published: true,
    skip: () => sshdMissing(),
    first: 'healthy',
    notes: ['active-behind-nat'],
    curl: true,
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
    name: 'PASV names no address but 0.0.0.0',
    from: 'visitor',
    at: 'public',
    to: addresses.public,
    foreign: addresslessPyftpdlib,
    first: 'healthy',
    notes: ['pasv-no-address'],
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
    // Longer than a system asks its network for an address.
    patience: 5,
    first: 'host-unreachable',
    curl: false,
  },
]
