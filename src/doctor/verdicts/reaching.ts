import type { Knock, Reached } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { wantsOne } from './client-certificate.ts'
import { deadAddress } from './families.ts'
import type { Rule } from './rule.ts'
import { nameOf, speaksOther, urlFor } from './speaks-other.ts'

/** Why nobody answers, whatever the protocol. */
export const commonRules: readonly ((found: Reached) => Verdict | undefined)[] = [
  unknownName,
  nothingAnswers,
  deadAddress,
]

/** Why nobody answers, or somebody else does. */
export const reachingRules: readonly Rule[] = [...commonRules, otherProtocol, silentPort]

function unknownName({ host, lookup }: Reached): Verdict | undefined {
  if (lookup === undefined || lookup.outcome === 'works') return undefined
  const slow = lookup.outcome === 'silence'
  return {
    id: 'name-unknown',
    weight: 'trouble',
    sentence: slow ? `No name server answered the question for ${host}.` : `There is no host called ${host}.`,
    evidence: [lookup.text ?? `no answer in ${lookup.ms} ms`],
    fixes: [
      { side: 'client', program: 'you', line: 'check the spelling, or use the IP address in the URL' },
      {
        side: 'client',
        program: 'you',
        line: 'if other names fail too, the name server of this machine is down',
      },
    ],
    broken: 'name',
  }
}

function nothingAnswers(found: Reached): Verdict | undefined {
  const { knocks = [], host, port } = found
  if (knocks.length === 0 || knocks.some((knock) => knock.outcome === 'works')) return undefined
  const open = (found.otherPorts ?? []).filter(
    (other) => other.outcome === 'works' && other.speaks !== 'nothing',
  )
  const refused = knocks.some((knock) => knock.outcome === 'refused')
  const hostAnswers =
    refused || (found.otherPorts ?? []).some(({ outcome }) => outcome === 'works' || outcome === 'refused')
  const evidence = [...knocks, ...(found.otherPorts ?? [])].map(
    (knock) => `${knock.address} port ${knock.port}: ${knock.outcome === 'works' ? 'open' : knock.outcome}`,
  )
  const [better] = open
  const hint = better === undefined ? '' : ` Port ${better.port} answers as ${nameOf(better.speaks)}.`
  const common = { weight: 'trouble', evidence, broken: 'control' } as const
  const there: readonly Fix[] = open.map((other) => ({
    side: 'client',
    program: 'Ferry',
    line: urlFor(other.speaks, host, other.port),
  }))
  if (refused) {
    return {
      ...common,
      id: 'port-refused',
      sentence: `${host} is there, but nothing listens on port ${port}.${hint}`,
      fixes: [
        ...there,
        {
          side: 'server',
          program: 'you',
          line: `ss -ltn shows whether something listens on ${port}: if not, start the server; if so, a firewall refuses in its name (REJECT)`,
        },
      ],
    }
  }
  const all = [...knocks, ...(found.otherPorts ?? [])]
  const unreachable = all.some((knock) => knock.outcome === 'unreachable')
  if (unreachable && !hostAnswers) return { ...common, ...noWay(host, port, all) }
  return {
    ...common,
    id: hostAnswers ? 'port-filtered' : 'host-silent',
    sentence: hostAnswers
      ? `${host} is there, but a firewall ${unreachable ? 'rejects' : 'drops'} what is sent to port ${port}.${hint}`
      : `Nothing at all comes back from ${host}: it is off, or a firewall before it drops everything.`,
    fixes: [
      ...there,
      {
        side: 'router',
        program: 'nftables',
        line: `nft add rule inet filter input tcp dport ${port} accept`,
      },
      { side: 'router', program: 'ufw', line: `ufw allow ${port}/tcp` },
      {
        side: 'router',
        program: 'firewalld',
        line: `firewall-cmd --permanent --add-port=${port}/tcp, and --reload`,
      },
      { side: 'router', program: 'cloud', line: `security group: inbound TCP ${port}` },
      { side: 'client', program: 'you', line: 'try from another network: some let no FTP out' },
    ],
  }
}

/** Nobody in the same network has the address if that takes as long as asking for it three times. */
const askedForMs = 2000

/** Somebody answers, or our own system does, that there is no way. */
function noWay(
  host: string,
  port: number,
  knocks: readonly Knock[],
): Pick<Verdict, 'id' | 'sentence' | 'fixes'> {
  const atOnce = knocks.every(({ ms }) => ms < askedForMs)
  return {
    id: 'host-unreachable',
    sentence: atOnce
      ? `The answer is that ${host} cannot be reached: this machine has no route to it, or a router or firewall on the way rejects what is sent there.`
      : `Nobody has the address of ${host}, as far as the last router or this machine can tell: it is off, or the address is wrong.`,
    fixes: [
      {
        side: 'client',
        program: 'you',
        line: `ip route get ADDRESS (Windows: tracert -d) shows the way; is a VPN missing that leads there?`,
      },
      {
        side: 'router',
        program: 'firewalld',
        line: `firewall-cmd --permanent --add-port=${port}/tcp, and --reload; what it does not know it rejects so`,
      },
      {
        side: 'router',
        program: 'you',
        line: 'what is forwarded must go to the address that the server has now',
      },
    ],
  }
}

function otherProtocol({ greeting, host, port, security }: Findings): Verdict | undefined {
  if (security === 'implicit' && greeting?.speaks === 'tls') return undefined
  if (greeting === undefined || greeting.speaks === 'ftp' || greeting.speaks === 'nothing') return undefined
  return speaksOther(greeting.speaks, 'FTP', host, port)
}

function silentPort(found: Findings): Verdict | undefined {
  const { greeting, host, port } = found
  if (wantsOne(found) !== undefined) return undefined
  if (greeting === undefined || greeting.outcome === 'works' || greeting.speaks !== 'nothing') {
    if (greeting?.outcome !== 'rejected' || greeting.speaks !== 'ftp') return undefined
    return turnedAway(greeting.reply ?? '')
  }
  const cut = greeting.outcome === 'cut'
  return {
    id: cut ? 'greeting-cut' : 'greeting-silent',
    weight: 'trouble',
    sentence: cut
      ? `Port ${port} of ${host} takes the connection and closes it at once.`
      : `Port ${port} of ${host} takes the connection and says nothing.`,
    evidence: [`nothing came within ${greeting.ms} ms`],
    fixes: cut
      ? [
          {
            side: 'server',
            program: 'you',
            line: 'look into its log: a ban, a list of allowed hosts, too many connections',
          },
          { side: 'server', program: 'balancer', line: 'no server may be alive behind it' },
        ]
      : [
          { side: 'server', program: 'ProFTPD', line: 'UseReverseDNS off and IdentLookups off' },
          {
            side: 'server',
            program: 'you',
            line: 'the server may be full, or a firewall swallows its first line',
          },
        ],
    broken: 'control',
  }
}

function turnedAway(reply: string): Verdict {
  if (/\bOOPS\b/u.test(reply)) {
    return {
      id: 'server-fails',
      weight: 'trouble',
      sentence: 'The server is there and fails before it greets: its configuration or its system is wrong.',
      evidence: [reply],
      fixes: [
        {
          side: 'server',
          program: 'vsftpd',
          line: 'what it says is the matter; journalctl -u vsftpd says more',
        },
      ],
      broken: 'control',
    }
  }
  const full = /too many|maximum|\bmax\b|connections|busy/iu.test(reply)
  return {
    id: 'turned-away',
    weight: 'trouble',
    sentence: full
      ? 'The server has as many sessions as it takes, of everybody or of this address.'
      : 'The server answers, and will not talk to you: this address may be barred, or the service is switched off.',
    evidence: [reply],
    fixes: full ? lessSessions : barred,
    broken: 'control',
  }
}

const lessSessions: readonly Fix[] = [
  { side: 'client', program: 'you', line: 'use fewer connections at once, and wait a few minutes' },
  { side: 'server', program: 'Ferry', line: 'ferry status shows who is there; ferry kick ID' },
  { side: 'server', program: 'vsftpd', line: 'max_clients and max_per_ip' },
  { side: 'server', program: 'ProFTPD', line: 'MaxInstances and MaxConnectionsPerHost' },
  { side: 'server', program: 'Pure-FTPd', line: 'MaxClientsNumber and MaxClientsPerIP' },
]

const barred: readonly Fix[] = [
  { side: 'server', program: 'Ferry', line: 'ferry ban list, ferry ban remove ADDRESS' },
  { side: 'server', program: 'vsftpd', line: 'tcp_wrappers=YES reads /etc/hosts.allow and /etc/hosts.deny' },
  { side: 'server', program: 'ProFTPD', line: '<Limit LOGIN> with Allow from; mod_wrap and mod_ban' },
  { side: 'server', program: 'fail2ban', line: 'fail2ban-client status, then set JAIL unbanip ADDRESS' },
  { side: 'server', program: 'IIS', line: 'FTP IPv4 Address and Domain Restrictions' },
  { side: 'client', program: 'you', line: 'wait: bans mostly end after some minutes' },
]
