import { isPrivate, isUnspecified, sameAddress } from '../../core/address.ts'
import { openPassivePorts } from '../verdicts/fixes.ts'
import type { Verdict } from '../verdict.ts'
import type { ServerFacts } from './facts.ts'
import { rangeOf } from './range-of.ts'
import { says, type ServerRule } from './server-rule.ts'

/** Whether clients can come to the server at all, and to the ports that it names. */
export const reachRules: readonly ServerRule[] = [
  portTaken,
  portNotPermitted,
  portDropped,
  publicAddressUnknown,
  publicAddressMissing,
  publicAddressOther,
  publicLookupSlow,
  publicIpv6,
  passiveAny,
  passiveShort,
  passiveTaken,
  passiveEphemeral,
  passiveDropped,
  helperAttached,
  containerPorts,
  outsideFails,
  outsideUnreached,
]

function portTaken({ ports }: ServerFacts): Verdict | undefined {
  const taken = ports.filter(({ state }) => state === 'taken')
  if (taken.length === 0) return undefined
  const [first] = taken
  return says(
    'server-port-taken',
    'trouble',
    `Another program has port ${taken.map(({ port, service }) => `${port} (${service})`).join(', ')}.`,
    [],
    [
      ['server', 'you', `ss -lntup 'sport = :${first?.port ?? ''}' names it: stop it`],
      ['server', 'Ferry', `another port: --${first?.service.toLowerCase() ?? 'ftp'} PORT`],
    ],
  )
}

function portNotPermitted({ ports }: ServerFacts): Verdict | undefined {
  const refused = ports.filter(({ state }) => state === 'not-permitted')
  if (refused.length === 0) return undefined
  return says(
    'server-port-not-permitted',
    'trouble',
    `Ports below 1024 (${refused.map(({ port }) => port).join(', ')}) are for root alone on this machine.`,
    [],
    [
      ['server', 'systemd', 'AmbientCapabilities=CAP_NET_BIND_SERVICE, or socket activation'],
      ['server', 'Ferry', 'start as root with --run-as USER, or take a port from 1024 on'],
      ['server', 'Linux', 'sysctl net.ipv4.ip_unprivileged_port_start=21'],
    ],
  )
}

function portDropped({ ports }: ServerFacts): Verdict | undefined {
  const dropped = ports.filter(({ firewall }) => firewall === 'drops')
  if (dropped.length === 0) return undefined
  const list = dropped.map(({ port, transport }) => `${port}/${transport}`)
  return says(
    'server-port-dropped',
    'trouble',
    `The firewall of this machine lets nobody in to ${list.join(', ')}.`,
    ['nft list ruleset'],
    dropped.flatMap(({ port, transport }) => [
      ['router', 'nftables', `nft add rule inet filter input ${transport} dport ${port} accept`] as const,
      ['router', 'ufw', `ufw allow ${port}/${transport}`] as const,
    ]),
  )
}

function publicAddressUnknown({ publicAddress: { said, fault } }: ServerFacts): Verdict | undefined {
  if (said === undefined || fault === undefined) return undefined
  return says(
    'server-public-address-unknown',
    'trouble',
    `The public address ${said} cannot be looked up: clients outside are told nothing that leads here.`,
    [fault],
    [
      ['server', 'Ferry', '--public-address with a name that exists, or with the address itself'],
      ['server', 'you', 'the client of your dynamic DNS must run'],
    ],
  )
}

function publicAddressMissing(facts: ServerFacts): Verdict | undefined {
  const { publicAddress, addresses, passive, outside, ports } = facts
  if (publicAddress.said !== undefined || passive === 'off' || !ports.some(isFtp)) return undefined
  if (facts.published !== undefined) return undefined
  const own = addresses.filter((one) => one.includes('.') && !one.startsWith('127.'))
  if (own.length === 0 || own.some((one) => !isPrivate(one))) return undefined
  const seen = outside?.sees
  return says(
    'server-public-address-missing',
    'note',
    'This machine has private addresses alone and no public one is set: clients outside are told an address in PASV that means nothing there.',
    [`its addresses: ${own.join(', ')}`, ...(seen === undefined ? [] : [`from outside it is ${seen}`])],
    [
      ['server', 'Ferry', `--public-address ${seen ?? 'NAME'}`],
      ['router', 'home router', 'forward the port of FTP and the passive ports to this machine'],
      ['server', 'Ferry', 'where no router can be told: --publish ssh://USER@HOST'],
    ],
  )
}

function isFtp({ service }: ServerFacts['ports'][number]): boolean {
  return service === 'FTP' || service === 'FTPS'
}

function publicAddressOther({ publicAddress, outside, published }: ServerFacts): Verdict | undefined {
  const seen = published === undefined ? outside?.sees : undefined
  if (seen === undefined || publicAddress.said === undefined || publicAddress.addresses.length === 0)
    return undefined
  if (publicAddress.addresses.some((one) => sameAddress(one, seen))) return undefined
  return says(
    'server-public-address-other',
    'trouble',
    `The public address is set to ${publicAddress.said} (${publicAddress.addresses.join(', ')}), and from outside this machine is ${seen}.`,
    [],
    [['server', 'Ferry', `--public-address ${seen}, or a name that follows it`]],
  )
}

const slowLookupMs = 1000

function publicLookupSlow({ publicAddress: { said, lookupMs, fault } }: ServerFacts): Verdict | undefined {
  if (said === undefined || fault !== undefined || lookupMs < slowLookupMs) return undefined
  return says(
    'server-lookup-slow',
    'note',
    `Looking up ${said} takes ${(lookupMs / 1000).toFixed(1)} s: the name server of this machine is slow or the first one is dead.`,
    [],
    [['server', 'Linux', '/etc/resolv.conf: take out name servers that do not answer']],
  )
}

function publicIpv6({ publicAddress, host }: ServerFacts): Verdict | undefined {
  if (host === undefined || host.includes(':') || !publicAddress.addresses.some((one) => one.includes(':')))
    return undefined
  return says(
    'server-ipv6-not-listening',
    'note',
    `${publicAddress.said ?? 'The public name'} has an address of IPv6, and the server listens on ${host} alone: who comes by IPv6 is refused first.`,
    [publicAddress.addresses.join(', ')],
    [
      ['server', 'Ferry', 'leave out --host'],
      ['server', 'you', 'or take the AAAA record away'],
    ],
  )
}

function passiveAny({ passive, addresses, ports }: ServerFacts): Verdict | undefined {
  if (passive !== 'any' || !ports.some(isFtp)) return undefined
  const own = addresses.filter((one) => one.includes('.') && !one.startsWith('127.') && !isUnspecified(one))
  return says(
    'server-passive-any',
    'note',
    `Passive ports are taken from all that are free: no firewall and no router can let those in${own.every(isPrivate) ? ', and this machine is behind one' : ''}.`,
    [],
    [['server', 'Ferry', '--passive 50000-50100'], ...openingFixes()],
  )
}

function openingFixes(): readonly (readonly ['server' | 'router', string, string])[] {
  return openPassivePorts().flatMap(({ side, program, line }) =>
    side === 'router' ? [[side, program, line] as const] : [],
  )
}

function passiveShort({ passive }: ServerFacts): Verdict | undefined {
  if (typeof passive === 'string') return undefined
  const size = passive.last - passive.first + 1
  const wanted = passive.expected * 2
  if (size >= wanted) return undefined
  return says(
    'server-passive-short',
    'note',
    `${size === 1 ? 'There is one passive port' : `There are ${size} passive ports`} for ${passive.expected} sessions at once, which share ${size === 1 ? 'it' : 'them'}: clients that resume TLS need not wait for one another, and of all others those from one address do.`,
    [],
    [['server', 'Ferry', `--passive ${passive.first}-${Math.min(65_535, passive.first + wanted - 1)}`]],
  )
}

function passiveTaken({ passive }: ServerFacts): Verdict | undefined {
  if (typeof passive === 'string' || passive.taken.length === 0) return undefined
  return says(
    'server-passive-taken',
    'note',
    `Other programs listen on ${passive.taken.length} of the passive ports: ${passive.taken.slice(0, 5).join(', ')}.`,
    [],
    [['server', 'Ferry', 'a range that nobody else uses: --passive 50000-50100']],
  )
}

function passiveEphemeral({ passive }: ServerFacts): Verdict | undefined {
  if (typeof passive === 'string' || passive.ephemeral === undefined) return undefined
  const { first, last } = passive.ephemeral
  if (passive.last < first || passive.first > last) return undefined
  return says(
    'server-passive-ephemeral',
    'note',
    `The passive ports lie among those that this system gives to outgoing connections (${first}-${last}): one of them may be in use when it is wanted.`,
    [],
    [['server', 'Linux', `sysctl net.ipv4.ip_local_reserved_ports=${rangeOf(passive)}`]],
  )
}

function passiveDropped({ passive }: ServerFacts): Verdict | undefined {
  if (typeof passive === 'string' || passive.firewall !== 'drops') return undefined
  const range = rangeOf(passive)
  return says(
    'server-passive-dropped',
    'trouble',
    `The firewall of this machine drops passive ports (${range}): logins work and listings hang.`,
    ['nft list ruleset'],
    openingFixes().map(([side, program, line]) => [
      side,
      program,
      line.replaceAll('50000-50100', range).replaceAll('50000:50100', range.replace('-', ':')),
    ]),
  )
}

function helperAttached({ ftpHelper, passive, tls }: ServerFacts): Verdict | undefined {
  if (!ftpHelper) return undefined
  return says(
    'server-ftp-helper',
    'note',
    `A helper for FTP is attached here: it rewrites what is in clear${tls === 'off' ? '' : ', is blind under TLS'}${typeof passive === 'string' ? '' : ', and is in the way of a range that is open anyway'}.`,
    [],
    [['router', 'nftables', 'take the rule with "ct helper set" away, once the passive range is open']],
  )
}

function containerPorts({ container, passive }: ServerFacts): Verdict | undefined {
  if (!container) return undefined
  const range = typeof passive === 'string' ? '50000-50100' : rangeOf(passive)
  return says(
    'server-in-container',
    'note',
    'This is a container: only published ports are seen outside, the passive ones too, and a proxy between hides who comes.',
    [],
    [
      ['server', 'Docker', `-p 21:2121 -p ${range}:${range}, or --network host`],
      ['server', 'Ferry', `--passive ${range} --public-address ADDRESS-OF-THE-HOST`],
    ],
  )
}

function outsideFails({ outside }: ServerFacts): Verdict | undefined {
  if (outside?.fault === undefined) return undefined
  return says(
    'server-no-outside-look',
    'note',
    `Nobody could look from outside: ${outside.fault}.`,
    [],
    [['client', 'Ferry', '--from ftp://user:password@HOST/ names a Ferry elsewhere that lets this user in']],
  )
}

function outsideUnreached({ outside, published }: ServerFacts): Verdict | undefined {
  if (published !== undefined) return undefined
  const failed = outside?.ports.filter(({ outcome }) => outcome === 'not reached') ?? []
  if (failed.length === 0) return undefined
  const list = failed.map(({ port }) => String(port))
  return says(
    'server-not-reached-from-outside',
    'trouble',
    `From outside ${list.join(', ')} cannot be reached: the router before this machine does not forward ${list.length === 1 ? 'it' : 'them'}, or a firewall drops.`,
    failed.flatMap(({ reply }) => (reply === undefined ? [] : [reply])),
    [
      ['router', 'home router', `port forwarding: TCP ${list.join(', ')} to this machine, same ports`],
      ['router', 'cloud', `security group: inbound TCP ${list.join(', ')} from anywhere`],
      ['server', 'Ferry', 'where no router can be changed: --publish ssh://USER@HOST'],
    ],
  )
}
