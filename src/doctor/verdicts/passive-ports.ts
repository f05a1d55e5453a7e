import type { PassiveStep } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { openPassivePorts } from './fixes.ts'
import type { Rule } from './rule.ts'

/** Where some passive ports can be reached and others not. */
export const passivePortRules: readonly Rule[] = [severalServers, someOpen, pasvBlocked]

type Attempt = PassiveStep & { readonly command: 'EPSV' | 'PASV' }

/** All that named a port of the server itself. */
function attempts({ epsv, pasv, tries = [] }: Findings): readonly Attempt[] {
  const first: readonly Attempt[] = [
    ...(epsv === undefined ? [] : [{ command: 'EPSV', ...epsv } as const]),
    ...(pasv === undefined ? [] : [{ command: 'PASV', ...pasv } as const]),
  ]
  return [...first, ...tries].filter(({ named, elsewhere }) => named !== undefined && elsewhere !== true)
}

function isBlocked({ outcome }: Attempt): boolean {
  return outcome === 'refused' || outcome === 'silence' || outcome === 'unreachable'
}

/** Whether some ports that were named can be reached and others not, whoever names them. */
export function isMixed(found: Findings): boolean {
  const all = attempts(found)
  if (all.some(({ again }) => again === 'works')) return true
  return all.some(isBlocked) && all.some(isOpen) && blockedCommand(all) === undefined
}

function isOpen(attempt: Attempt): boolean {
  return attempt.outcome === 'works'
}

/** The command whose ports are never reached, while those of the other always are: something between reads along. */
function blockedCommand(all: readonly Attempt[]): 'EPSV' | 'PASV' | undefined {
  for (const command of ['EPSV', 'PASV'] as const) {
    const own = all.filter((attempt) => attempt.command === command)
    const others = all.filter((attempt) => attempt.command !== command)
    if (own.length > 0 && own.every(isBlocked) && others.length > 0 && others.every(isOpen)) return command
  }
  return undefined
}

function severalServers(found: Findings): Verdict | undefined {
  const all = attempts(found)
  if (!all.some(({ again }) => again === 'works')) return undefined
  return {
    id: 'balancer-between',
    weight: 'trouble',
    sentence:
      'Passive ports that were refused took the next connection: a balancer stands before several servers, and sends data connections to another one than the session.',
    evidence: all.map(({ named, outcome, again }) =>
      again === 'works'
        ? `port ${named?.port ?? 0}: refused, and open when knocked at again`
        : `port ${named?.port ?? 0}: ${outcome}`,
    ),
    fixes: affinity,
    broken: 'passive',
  }
}

const affinity: readonly Fix[] = [
  {
    side: 'router',
    program: 'nftables',
    line: 'dnat to jhash ip saddr mod 2 map { … }: by the address of the client',
  },
  {
    side: 'router',
    program: 'HAProxy',
    line: 'balance source, for the port of FTP and the passive ports alike',
  },
  {
    side: 'router',
    program: 'cloud',
    line: 'source IP affinity (2-tuple), all passive ports in the same target group',
  },
  {
    side: 'server',
    program: 'Ferry',
    line: '--passive with another range for each server, each range forwarded to its own',
  },
  { side: 'client', program: 'Ferry', line: 'nothing to do: it asks for another port; or --mode active' },
]

function someOpen(found: Findings): Verdict | undefined {
  const all = attempts(found)
  if (!isMixed(found) || severalServers(found) !== undefined) return undefined
  const open = portsOf(all.filter(isOpen))
  const blocked = portsOf(all.filter(isBlocked))
  if (blocked.some((port) => open.includes(port))) return sometimes(all)
  const dropped = all.some(({ outcome }) => outcome === 'silence')
  return {
    id: 'passive-partly-open',
    weight: 'trouble',
    sentence: `Only some of the passive ports get through: ${inWords(open)} can be reached, ${inWords(blocked)} not, so transfers ${dropped ? 'hang' : 'fail'} now and then. The range that the server uses and the one that is let through are not the same.`,
    evidence: all.map(told),
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'compare the range in its configuration with the one in the firewall and in the router',
      },
      ...openPassivePorts(),
    ],
    broken: 'passive',
  }
}

/** The same port at one time and not at another: somebody counts. */
function sometimes(all: readonly Attempt[]): Verdict {
  return {
    id: 'passive-now-and-then',
    weight: 'trouble',
    sentence:
      'The same passive port is reached at one time and not at another: something on the way counts connections, or loses packets.',
    evidence: all.map(told),
    fixes: [
      {
        side: 'router',
        program: 'nftables',
        line: 'no limit rate and no ct count on passive ports (nft list ruleset shows them)',
      },
      {
        side: 'router',
        program: 'iptables',
        line: 'no -m limit, recent, hashlimit or connlimit on passive ports',
      },
      { side: 'client', program: 'you', line: 'use fewer connections at once' },
    ],
    broken: 'passive',
  }
}

/** EPSV gets through always and PASV never: few clients ask for PASV alone, but some do. */
function pasvBlocked(found: Findings): Verdict | undefined {
  const all = attempts(found)
  if (blockedCommand(all) !== 'PASV' || found.tries === undefined) return undefined
  return {
    id: 'pasv-blocked',
    weight: 'note',
    sentence:
      'PASV is answered, but the ports that it names cannot be reached, while those of EPSV can: clients that know PASV alone hang.',
    evidence: all.map(told),
    fixes: [
      {
        side: 'router',
        program: 'you',
        line: 'switch off its FTP helper (ALG, inspection), and open the passive ports instead',
      },
      { side: 'client', program: 'Ferry', line: '--mode epsv' },
      { side: 'client', program: 'lftp', line: 'set ftp:prefer-epsv yes' },
    ],
    broken: 'none',
  }
}

function told({ command, named, outcome, ms }: Attempt): string {
  return `${command} named port ${named?.port ?? 0}: ${outcome}${outcome === 'works' ? '' : ` after ${ms} ms`}`
}

function portsOf(all: readonly Attempt[]): readonly number[] {
  const ports = new Set(all.flatMap(({ named }) => (named === undefined ? [] : [named.port])))
  return [...ports].toSorted((a, b) => a - b)
}

function inWords(ports: readonly number[]): string {
  if (ports.length === 1) return `port ${ports.join('')}`
  return `ports ${ports.slice(0, -1).join(', ')} and ${ports.at(-1) ?? ''}`
}
