import { familyOf } from '../../core/address.ts'
import type { Knock, Reached } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** Passive ports that are open for one family of addresses alone. */
export const familyRules: readonly Rule[] = [otherFamilyBlocked]

/** How long our own system takes at most to say that it has no IPv6. */
const atOnceMs = 500

function isDead({ outcome, address, ms }: Knock): boolean {
  if (outcome === 'works') return false
  // That is a matter of this machine, and most others have IPv6.
  return !(outcome === 'unreachable' && familyOf(address) === 6 && ms < atOnceMs)
}

/** An address of the name that does not answer, while another does: not every client goes on to that. */
export function deadAddress({ host, port, knocks = [] }: Reached): Verdict | undefined {
  const dead = knocks.filter(isDead)
  if (dead.length === 0 || !knocks.some(({ outcome }) => outcome === 'works')) return undefined
  const one = dead.length === 1
  return {
    id: 'address-dead',
    weight: 'note',
    sentence: `Of the ${knocks.length} addresses of ${host} ${dead.map(({ address }) => address).join(' and ')} cannot be reached at port ${port}: clients that begin there wait, or give up.`,
    evidence: knocks.map(
      ({ address, outcome, ms }) =>
        `${address}: ${outcome === 'works' ? 'open' : `${outcome} after ${ms} ms`}`,
    ),
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: `take ${one ? 'this address' : 'these addresses'} out of the DNS (A, AAAA), or have the server listen there too`,
      },
      { side: 'server', program: 'vsftpd', line: 'listen_ipv6=YES (and listen=NO) takes both families' },
      { side: 'server', program: 'ProFTPD', line: 'UseIPv6 on' },
      ...takeOther(dead[0]?.address ?? ''),
    ],
    broken: 'none',
  }
}

function takeOther(address: string): readonly Fix[] {
  const good = familyOf(address) === 6 ? 4 : 6
  return [
    { side: 'client', program: 'Ferry', line: 'nothing to do: it goes on to the next address' },
    { side: 'client', program: 'curl', line: `-${good} if the others are of IPv${good}` },
    {
      side: 'client',
      program: 'lftp',
      line: `set dns:order "${good === 4 ? 'inet inet6' : 'inet6 inet'}"`,
    },
  ]
}

/** Whether listings come by one family of addresses, and by the other a port is named and not reached. */
export function oneFamilyBlocked({ otherFamily, peer = '', epsv, pasv, tries = [] }: Findings): boolean {
  if (otherFamily === undefined || peer === '') return false
  const own = [epsv, pasv, ...tries].filter((step) => step !== undefined)
  const works = own.some(({ listed }) => listed === true)
  if (works) return otherFamily.named !== undefined && otherFamily.listed !== true
  return otherFamily.listed === true && own.some(({ named }) => named !== undefined)
}

function otherFamilyBlocked(found: Findings): Verdict | undefined {
  const { host, otherFamily, peer = '', epsv, pasv } = found
  if (!oneFamilyBlocked(found) || otherFamily === undefined) return undefined
  const families = [familyOf(otherFamily.address) ?? 6, familyOf(peer) ?? 4] as const
  const [bad, good] = otherFamily.listed === true ? families.toReversed() : families
  const blocked =
    otherFamily.listed === true ? { ...(epsv ?? pasv ?? otherFamily), address: peer } : otherFamily
  return {
    id: 'family-blocked',
    weight: 'trouble',
    sentence: `By IPv${good} all works, and by IPv${bad} you can log in and no listing comes: the passive ports are open for IPv${good} alone. Many clients take IPv6 where ${host} has it.`,
    evidence: [
      `EPSV at ${blocked.address}: port ${blocked.named?.port ?? 0}, ${blocked.outcome === 'works' ? 'and no whole listing' : blocked.outcome} after ${blocked.ms} ms`,
    ],
    fixes: [
      {
        side: 'router',
        program: 'nftables',
        line: 'rules in a table of family inet, which is for both (ip and ip6 are for one)',
      },
      {
        side: 'router',
        program: bad === 6 ? 'ip6tables' : 'iptables',
        line: `${bad === 6 ? 'ip6tables' : 'iptables'} -A INPUT -p tcp --dport 50000:50100 -j ACCEPT`,
      },
      { side: 'router', program: 'ufw', line: 'IPV6=yes in /etc/default/ufw, then ufw reload' },
      {
        side: 'router',
        program: 'cloud',
        line: `security group: inbound TCP 50000-50100 from ${bad === 6 ? '::/0' : '0.0.0.0/0'} too`,
      },
      {
        side: 'server',
        program: 'you',
        line: `or take the ${bad === 6 ? 'AAAA' : 'A'} record of ${host} out of the DNS`,
      },
      { side: 'client', program: 'curl', line: `-${good}` },
      {
        side: 'client',
        program: 'lftp',
        line: `set dns:order "${good === 4 ? 'inet inet6' : 'inet6 inet'}"`,
      },
    ],
    broken: 'none',
  }
}
