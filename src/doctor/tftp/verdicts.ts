import type { Fix, Verdict } from '../verdict.ts'
import { commonRules } from '../verdicts/reaching.ts'
import { sorted } from '../verdicts/sorted.ts'
import type { Asked, TftpFindings } from './findings.ts'

type Rule = (found: TftpFindings) => Verdict | undefined

/** What the findings at a TFTP server mean, trouble first. */
export function judgeTftp(found: TftpFindings): readonly Verdict[] {
  return sorted(
    rules.flatMap((rule) => rule(found) ?? []),
    () => ({
      id: 'healthy',
      weight: 'fine',
      sentence: `It works from here: the server answers from port ${found.plain?.from ?? found.port}${takenOf(found)}.`,
      evidence: [],
      fixes: [],
      broken: 'none',
    }),
  )
}

const rules: readonly Rule[] = [
  ...commonRules,
  refused,
  silent,
  stuck,
  notFound,
  denied,
  largeLost,
  optionsBreak,
  piecesLost,
  optionsIgnored,
  tooLong,
  windowRefused,
]

function takenOf({ rich }: TftpFindings): string {
  const taken = Object.entries(rich?.taken ?? {}).map(([name, value]) => `${name} ${value}`)
  return taken.length === 0 ? '' : ` and takes ${taken.join(', ')}`
}

const open: readonly Fix[] = [
  { side: 'server', program: 'Ferry', line: '--tftp 69 --tftp-single-port: every answer from port 69' },
  {
    side: 'router',
    program: 'nftables',
    line: 'ct helper set "tftp" for udp dport 69 (type "tftp" protocol udp)',
  },
  {
    side: 'router',
    program: 'nftables',
    line: 'nft add rule inet filter input udp dport { 69, 32768-60999 } accept',
  },
  { side: 'router', program: 'ufw', line: 'ufw allow 69/udp' },
  {
    side: 'router',
    program: 'Windows',
    line: 'New-NetFirewallRule -DisplayName TFTP -Protocol UDP -LocalPort 69 -Action Allow',
  },
  {
    side: 'router',
    program: 'cloud',
    line: 'security group: inbound UDP 69 and the ports that answers come from',
  },
]

function refused({ plain, rich, host, port }: TftpFindings): Verdict | undefined {
  if (plain?.outcome !== 'refused' && rich?.outcome !== 'refused') return undefined
  return {
    id: 'tftp-refused',
    weight: 'trouble',
    sentence: `${host} is there, and says that nothing listens on UDP port ${port}: no server runs, or a firewall rejects what comes.`,
    evidence: ['ICMP port unreachable came back'],
    fixes: [
      { side: 'server', program: 'Ferry', line: `ferry serve FOLDER --tftp ${port}` },
      { side: 'server', program: 'tftpd-hpa', line: 'systemctl start tftpd-hpa; TFTP_ADDRESS=":69"' },
      { side: 'server', program: 'dnsmasq', line: 'enable-tftp and tftp-root=…' },
    ],
    broken: 'control',
  }
}

/** Dropped on the way there, and dropped on the way back, look the same from here. */
function silent({ plain, rich, host, port }: TftpFindings): Verdict | undefined {
  if (plain?.outcome !== 'silence' || rich?.outcome !== 'silence' || rich.taken !== undefined)
    return undefined
  return {
    id: 'tftp-silent',
    weight: 'trouble',
    sentence: `Nothing comes back from UDP port ${port} of ${host}: a firewall drops the request, or the answer, which comes from another port than it went to.`,
    evidence: [
      `three requests, no answer in ${plain.ms} ms`,
      'if the log of the server has the request, the answer is what is lost',
    ],
    fixes: [
      ...open,
      {
        side: 'client',
        program: 'you',
        line: 'the firewall here must let UDP in from every port of the server',
      },
    ],
    broken: 'control',
  }
}

/** Requests arrive, and what is said to the port that the server answers from does not. */
function stuck({ plain, host, port }: TftpFindings): Verdict | undefined {
  if (plain?.outcome !== 'silence' || plain.from === undefined) return undefined
  return {
    id: 'tftp-stuck',
    weight: 'trouble',
    sentence: `The first block comes, and what is sent back to UDP port ${plain.from} of ${host} does not arrive there: a firewall lets in port ${port} and not the ports that the server answers from, so nothing longer than one block comes.`,
    evidence: [about(plain)],
    fixes: open,
    broken: 'control',
  }
}

/** Options are agreed on and large blocks are lost: what is sent for their sake is too large for the way. */
function largeLost({ plain, rich }: TftpFindings): Verdict | undefined {
  if (plain?.outcome !== 'works' || rich?.outcome !== 'silence' || rich.taken === undefined) return undefined
  return {
    id: 'tftp-large-lost',
    weight: 'trouble',
    sentence: `Blocks of ${rich.taken['blksize'] ?? '512'} bytes are agreed on and do not arrive, those of 512 do: something on the way drops larger datagrams, and clients that ask for large blocks hang.`,
    evidence: [about(rich)],
    fixes: [
      { side: 'server', program: 'Ferry', line: '--tftp-blksize 1024, or as much as gets through' },
      { side: 'server', program: 'tftpd-hpa', line: '-B 1024' },
      { side: 'router', program: 'you', line: 'compare the MTU of each link and tunnel on the way' },
      { side: 'client', program: 'curl', line: '--tftp-blksize 512' },
      { side: 'client', program: 'tftp-hpa', line: 'leave out -B' },
    ],
    broken: 'none',
  }
}

function notFound({ plain, file }: TftpFindings): Verdict | undefined {
  if (file === undefined || plain?.code !== 1) return undefined
  return {
    id: 'tftp-not-found',
    weight: 'trouble',
    sentence: `The server answers, and has no file ${file} where it looks.`,
    evidence: [about(plain)],
    fixes: [
      {
        side: 'client',
        program: 'you',
        line: 'upper and lower case count, and / is not \\; a leading / may be the folder of the server',
      },
      {
        side: 'server',
        program: 'Ferry',
        line: '--tftp-remap FILE gives names that clients ask for the names that files have',
      },
      { side: 'server', program: 'tftpd-hpa', line: 'TFTP_DIRECTORY, and -m FILE for rules' },
    ],
    broken: 'none',
  }
}

function denied({ plain, file }: TftpFindings): Verdict | undefined {
  if (plain?.code !== 2 && plain?.code !== 8) return undefined
  if (file === undefined) return undefined
  return {
    id: 'tftp-denied',
    weight: 'trouble',
    sentence: `The server answers, and does not give ${file}.`,
    evidence: [about(plain)],
    fixes: [
      {
        side: 'server',
        program: 'tftpd-hpa',
        line: 'chmod o+r on the file, o+x on its folders; -s TFTP_DIRECTORY',
      },
      { side: 'server', program: 'Ferry', line: 'ferry explain tftp PATH download' },
    ],
    broken: 'none',
  }
}

function optionsBreak({ plain, rich, file }: TftpFindings): Verdict | undefined {
  if (plain === undefined || rich === undefined) return undefined
  const plainAnswers = plain.outcome === 'works' || (file === undefined && plain.code === 1)
  if (rich.outcome === 'silence' && rich.taken !== undefined) return undefined
  const richAnswers = rich.outcome === 'works' || (file === undefined && rich.code === 1)
  if (!plainAnswers || richAnswers) return undefined
  return {
    id: 'tftp-options-break',
    weight: 'note',
    sentence:
      'The server answers plain requests and not those with options: clients that ask for large blocks fail or wait.',
    evidence: [about(rich)],
    fixes: [
      { side: 'client', program: 'curl', line: '--tftp-no-options' },
      { side: 'client', program: 'tftp-hpa', line: 'leave out -B' },
      { side: 'server', program: 'tftpd-hpa', line: 'leave out -r blksize, or a newer version' },
    ],
    broken: 'none',
  }
}

function piecesLost({ rich, large }: TftpFindings): Verdict | undefined {
  if (rich?.outcome !== 'works' || large?.outcome !== 'silence' || large.taken === undefined) return undefined
  return {
    id: 'tftp-pieces-lost',
    weight: 'note',
    sentence: `Blocks of ${large.taken['blksize'] ?? '8192'} bytes do not arrive, those of 1428 do: something drops datagrams that travel in pieces.`,
    evidence: [about(large)],
    fixes: [
      { side: 'client', program: 'tftp-hpa', line: '-B 1428' },
      { side: 'client', program: 'curl', line: '--tftp-blksize 1428' },
      { side: 'server', program: 'tftpd-hpa', line: '-B 1428' },
      {
        side: 'router',
        program: 'you',
        line: 'let fragments of UDP through, and ICMP "fragmentation needed"',
      },
    ],
    broken: 'none',
  }
}

function optionsIgnored({ rich, file }: TftpFindings): Verdict | undefined {
  if (file === undefined || rich?.outcome !== 'works' || rich.taken?.['blksize'] !== undefined)
    return undefined
  return {
    id: 'tftp-small-blocks',
    weight: 'note',
    sentence: 'The server takes no larger blocks than 512 bytes: each costs a way there and back.',
    evidence: [about(rich)],
    fixes: [
      {
        side: 'server',
        program: 'you',
        line: 'a server with blksize (RFC 2348) and windowsize (RFC 7440), as Ferry is',
      },
    ],
    broken: 'none',
  }
}

/** Block numbers have 16 bits, and who does not begin again at 0 stops there. */
const mostBlocks = 65_535

function tooLong({ rich }: TftpFindings): Verdict | undefined {
  const size = Number(rich?.taken?.['tsize'] ?? '0')
  const block = Number(rich?.taken?.['blksize'] ?? '512')
  if (!(size > mostBlocks * 512)) return undefined
  const stops = size > mostBlocks * block
  return {
    id: 'tftp-block-numbers-end',
    weight: 'note',
    sentence: `The file has ${size} bytes: clients with blocks of 512 stop at 32 MiB unless their block numbers begin again${stops ? `, and with ${block} too` : ''}.`,
    evidence: [about(rich)],
    fixes: [
      { side: 'client', program: 'Ferry', line: 'nothing to do: its numbers begin again' },
      { side: 'client', program: 'curl', line: '--tftp-blksize 1428 (up to 89 MiB)' },
      { side: 'server', program: 'tftpd-hpa', line: '-R 0' },
    ],
    broken: 'none',
  }
}

function windowRefused({ rich, file }: TftpFindings): Verdict | undefined {
  if (
    file === undefined ||
    rich?.taken?.['blksize'] === undefined ||
    rich.taken['windowsize'] !== undefined
  ) {
    return undefined
  }
  return {
    id: 'tftp-no-window',
    weight: 'note',
    sentence: 'The server sends one block at a time and waits for its answer: on long ways that is slow.',
    evidence: [about(rich)],
    fixes: [{ side: 'server', program: 'you', line: 'a server with windowsize (RFC 7440), as Ferry is' }],
    broken: 'none',
  }
}

function about(asked: Asked | undefined): string {
  if (asked === undefined) return ''
  const { outcome, code, text, taken, from } = asked
  const said = code === undefined ? outcome : `ERROR ${code}`
  const options = Object.entries(taken ?? {}).map(([name, value]) => `${name}=${value}`)
  return [said, text, options.join(' '), from === undefined ? undefined : `from port ${from}`]
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
}
