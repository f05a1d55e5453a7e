import type { Listing } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { listingStalls } from './listing-stalls.ts'
import { letFullPackets } from './fixes.ts'
import type { Rule } from './rule.ts'

/** What works, and slowly, or not for long, or not for all names. */
export const paceRules: readonly Rule[] = [
  largePacketsLost,
  greetsSlowly,
  fewSessions,
  repliesSlowly,
  forgotten,
  sentAway,
  noRestart,
  namesNotUtf8,
  listingRiddle,
]

/** Small packets come and full ones do not; or a file begins and stops. */
function largePacketsLost(found: Findings): Verdict | undefined {
  const { sample } = found
  if (listingStalls(found)) return stalled(found)
  if (sample === undefined || sample.outcome === 'works' || sample.outcome === 'not-tried') return undefined
  if (sample.outcome === 'rejected') return undefined
  const none = sample.bytes === 0
  return {
    id: none ? 'large-packets-lost' : 'transfer-stops',
    weight: 'trouble',
    sentence: none
      ? 'Logins and short listings work, and of a file not one byte comes: full packets are dropped on the way, and nobody says so (an MTU black hole).'
      : `A file begins to come and stops after ${sample.bytes} bytes.`,
    evidence: [`RETR: ${sample.bytes} bytes, then ${sample.outcome} after ${sample.ms} ms`],
    fixes: letFullPackets(),
    broken: 'passive',
  }
}

function stalled({ epsv, pasv }: Findings): Verdict {
  const steps = [epsv, pasv].filter((step) => step !== undefined)
  return {
    id: 'listing-stalls',
    weight: 'trouble',
    sentence:
      'Data connections come about, and of a long listing not one byte arrives: full packets are dropped on the way, and nobody says so (an MTU black hole), unless the server itself hangs at the listing.',
    evidence: steps.map(
      ({ named, listing }) =>
        `port ${named?.port ?? 0} takes the connection, then nothing comes${listing?.reply === undefined ? '' : `; the server says ${listing.reply}`}`,
    ),
    fixes: [
      ...letFullPackets(),
      { side: 'server', program: 'you', line: 'see whether it lists the folder for a client beside it' },
    ],
    broken: 'passive',
  }
}

/** A second is what a look-up takes that leads nowhere. */
const slowGreetingMs = 1000

function greetsSlowly({ greeting, knocks }: Findings): Verdict | undefined {
  const way = Math.min(...(knocks ?? []).map(({ ms }) => ms))
  if (greeting?.outcome !== 'works' || greeting.ms < slowGreetingMs + way) return undefined
  return {
    id: 'greeting-slow',
    weight: 'note',
    sentence: `The server takes ${(greeting.ms / 1000).toFixed(1)} s to greet: it looks up the name of whoever comes, and gets no answer.`,
    evidence: [`connected after ${way} ms, greeted ${greeting.ms} ms later`],
    fixes: [
      { side: 'server', program: 'ProFTPD', line: 'UseReverseDNS off and IdentLookups off' },
      { side: 'server', program: 'vsftpd', line: 'reverse_lookup_enable=NO' },
      { side: 'server', program: 'Pure-FTPd', line: 'DontResolve yes' },
    ],
    broken: 'none',
  }
}

function fewSessions(found: Findings): Verdict | undefined {
  const { second, security, greeting, port } = found
  if (second === undefined || second.outcome === 'works' || greeting?.outcome !== 'works') return undefined
  const silent = second.reply === undefined
  const common = {
    // Without TLS in clear the first session has shown what there is; the others need a second one for all of it.
    weight: security === 'clear' || security === undefined ? 'note' : 'trouble',
    broken: security === 'explicit' ? 'tls' : 'none',
  } as const
  if (silent) {
    return {
      ...common,
      id: 'second-connection-lost',
      sentence: `While one connection is open, a second one to port ${port} comes to nothing (${second.outcome}): a firewall counts the connections of one address, or the server cuts what is too many. What needs a second session could not be tried, TLS and active mode among it.`,
      evidence: [second.text ?? second.outcome],
      fixes: [
        {
          side: 'router',
          program: 'nftables',
          line: 'ct count over N, limit rate: N must be more than the connections of a client (8 and more)',
        },
        { side: 'router', program: 'iptables', line: '-m connlimit, -m recent, -m hashlimit, -m limit' },
        {
          side: 'router',
          program: 'fail2ban',
          line: 'fail2ban-client status; maxretry and findtime of the jail',
        },
        ...oneAtATime,
      ],
    }
  }
  return {
    ...common,
    id: 'few-sessions',
    sentence:
      'The server lets you in once and not twice at a time: clients with several connections are turned away.',
    evidence: [second.reply ?? second.outcome],
    fixes: [
      ...oneAtATime,
      { side: 'server', program: 'vsftpd', line: 'max_per_ip=8' },
      { side: 'server', program: 'ProFTPD', line: 'MaxClientsPerHost 8' },
      { side: 'server', program: 'Pure-FTPd', line: 'MaxClientsPerIP 8' },
    ],
  }
}

const oneAtATime: readonly Fix[] = [
  { side: 'client', program: 'Ferry', line: '-j 1' },
  {
    side: 'client',
    program: 'FileZilla',
    line: 'Site Manager > Transfer Settings: limit to 1 connection',
  },
  { side: 'client', program: 'WinSCP', line: 'Transfer > Background: 1 transfer at a time' },
]

/** Delayed acknowledgements are 40 ms and more. */
const delayMs = 35

function repliesSlowly({ idle, knocks }: Findings): Verdict | undefined {
  const way = Math.min(...(knocks ?? []).filter(({ outcome }) => outcome === 'works').map(({ ms }) => ms))
  if (idle?.outcome !== 'works' || !(idle.ms > way * 2 + delayMs)) return undefined
  return {
    id: 'replies-delayed',
    weight: 'note',
    sentence: `A reply takes ${idle.ms} ms where the way there and back takes ${way} ms: the server is busy, or its system waits before it sends (Nagle).`,
    evidence: [`NOOP ${idle.ms} ms, connecting ${way} ms`],
    fixes: [
      { side: 'client', program: 'Ferry', line: '-j 4 for many small files' },
      { side: 'server', program: 'you', line: 'TCP_NODELAY on the control connection; look at its load' },
    ],
    broken: 'none',
  }
}

function forgotten({ rested }: Findings): Verdict | undefined {
  if (rested === undefined || rested.outcome === 'works' || rested.reply !== undefined) return undefined
  const seconds = Math.round(rested.idleMs / 1000)
  return {
    id: 'idle-forgotten',
    weight: 'trouble',
    sentence: `After ${seconds} s without a word the connection is dead and nobody said so: a router has forgotten it. Long transfers end without their last reply.`,
    evidence: [`NOOP after ${seconds} s: ${rested.outcome}`],
    fixes: [
      {
        side: 'router',
        program: 'nftables',
        line: 'sysctl net.netfilter.nf_conntrack_tcp_timeout_established=7200',
      },
      { side: 'server', program: 'Ferry', line: 'nothing to do: it keeps connections alive' },
      { side: 'client', program: 'Ferry', line: 'nothing to do: it keeps connections alive' },
      { side: 'client', program: 'FileZilla', line: 'Settings > FTP: Send FTP keep-alive commands' },
      { side: 'client', program: 'WinSCP', line: 'Advanced > Connection > Keepalives' },
      { side: 'client', program: 'curl', line: '--keepalive-time 60' },
    ],
    broken: 'control',
  }
}

function sentAway({ rested }: Findings): Verdict | undefined {
  if (rested?.reply === undefined || rested.outcome === 'works') return undefined
  return {
    id: 'idle-sent-away',
    weight: 'note',
    sentence: `The server ends sessions that are idle for ${Math.round(rested.idleMs / 1000)} s, and says so.`,
    evidence: [rested.reply],
    fixes: [
      {
        side: 'server',
        program: 'Ferry',
        line: 'nothing to do: idle sessions live for five minutes and more, and are told before they end',
      },
      { side: 'server', program: 'vsftpd', line: 'idle_session_timeout=900' },
      { side: 'server', program: 'ProFTPD', line: 'TimeoutIdle 900' },
      { side: 'server', program: 'Pure-FTPd', line: 'MaxIdleTime 15' },
      { side: 'client', program: 'you', line: 'keep-alive (NOOP) in the client, or connect anew' },
    ],
    broken: 'none',
  }
}

function noRestart({ restart }: Findings): Verdict | undefined {
  if (restart === undefined || restart.outcome !== 'rejected') return undefined
  return {
    id: 'no-restart',
    weight: 'note',
    sentence: 'Interrupted downloads begin anew: the server knows no REST.',
    evidence: [restart.reply ?? ''],
    fixes: [{ side: 'server', program: 'ProFTPD', line: 'AllowRetrieveRestart on' }],
    broken: 'none',
  }
}

function listings(found: Findings): readonly Listing[] {
  return [found.epsv, found.pasv, found.portCommand, found.eprt].flatMap((step) => step?.listing ?? [])
}

function namesNotUtf8(found: Findings): Verdict | undefined {
  if (!listings(found).some(({ utf8 }) => utf8 === false)) return undefined
  return {
    id: 'names-not-utf8',
    weight: 'note',
    sentence:
      'Names in the listing are not UTF-8: clients show them garbled, or fetch another name than they show.',
    evidence: [`FEAT ${found.features?.names.includes('UTF8') === true ? 'lists' : 'does not list'} UTF8`],
    fixes: [
      { side: 'client', program: 'Ferry', line: 'nothing to do: it keeps the bytes of a name as they are' },
      {
        side: 'client',
        program: 'FileZilla',
        line: 'Site Manager > Charset: Use custom charset, windows-1252',
      },
      { side: 'client', program: 'lftp', line: 'set ftp:charset iso-8859-1' },
      { side: 'server', program: 'you', line: 'convmv -f latin1 -t utf8 on the files' },
    ],
    broken: 'none',
  }
}

function listingRiddle(found: Findings): Verdict | undefined {
  const riddle = listings(found).find(
    ({ whole, lines = 0, understood = 0 }) => whole && lines > 1 && understood === 0,
  )
  if (riddle === undefined) return undefined
  return {
    id: 'listing-riddle',
    weight: 'note',
    sentence: `The listing is in no form that is known: clients show an empty folder (${riddle.lines ?? 0} lines).`,
    evidence: [riddle.reply ?? ''],
    fixes: [
      { side: 'client', program: 'Ferry', line: 'nothing to do: it asks for the names alone' },
      { side: 'client', program: 'lftp', line: 'nlist instead of ls' },
      { side: 'server', program: 'IIS', line: 'FTP Directory Browsing: UNIX style' },
    ],
    broken: 'none',
  }
}
