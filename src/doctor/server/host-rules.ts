import type { Verdict } from '../verdict.ts'
import type { ServerFacts } from './facts.ts'
import { says, type ServerRule } from './server-rule.ts'

/** What the machine itself has left. */
export const hostRules: readonly ServerRule[] = [
  diskFull,
  fewFiles,
  tableFull,
  clockWrong,
  cipherSlow,
  partsLeft,
  notRunning,
]

const littleBytes = 1024 * 1024 * 1024
const littleFiles = 10_000

function diskFull({ disk }: ServerFacts): Verdict | undefined {
  if (disk === undefined || (disk.freeBytes >= littleBytes && disk.freeFiles >= littleFiles)) return undefined
  const full = disk.freeBytes < littleBytes / 100 || disk.freeFiles < littleFiles / 100
  return says(
    full ? 'server-disk-full' : 'server-disk-nearly-full',
    full ? 'trouble' : 'note',
    `The disk of ${disk.folder} has ${Math.floor(disk.freeBytes / 1024 / 1024)} MiB and ${disk.freeFiles} files left.`,
    [],
    [
      ['server', 'you', `du -xh ${disk.folder} | sort -h | tail shows where it went`],
      [
        'server',
        'Ferry',
        'uploads that were broken off are removed after a while by itself; quotas: ferry user set NAME quota.bytes=10G',
      ],
    ],
  )
}

function fewFiles({ openFiles, passive }: ServerFacts): Verdict | undefined {
  const expected = typeof passive === 'string' ? 100 : passive.expected
  if (openFiles === undefined || openFiles >= expected * 4) return undefined
  return says(
    'server-few-open-files',
    'note',
    `The server may have ${openFiles} files and connections open, and ${expected} sessions want ${expected * 4}.`,
    [],
    [
      ['server', 'systemd', 'LimitNOFILE=65536'],
      ['server', 'you', 'ulimit -n 65536'],
    ],
  )
}

function tableFull({ conntrack }: ServerFacts): Verdict | undefined {
  if (conntrack === undefined || conntrack.count < conntrack.most * 0.8) return undefined
  return says(
    'server-connection-table-full',
    'trouble',
    `The kernel remembers ${conntrack.count} connections of ${conntrack.most} at most: new ones are dropped when it is full.`,
    [],
    [['router', 'Linux', `sysctl net.netfilter.nf_conntrack_max=${conntrack.most * 4}`]],
  )
}

function clockWrong({ clockInStep }: ServerFacts): Verdict | undefined {
  if (clockInStep !== false) return undefined
  return says(
    'server-clock-adrift',
    'note',
    'The clock of this machine is not set by anybody: times of files are wrong, certificates and one-time codes fail.',
    ['timedatectl: NTPSynchronized=no'],
    [['server', 'Linux', 'timedatectl set-ntp true']],
  )
}

function notRunning({ running }: ServerFacts): Verdict | undefined {
  if (running) return undefined
  return says(
    'server-not-running',
    'note',
    'No server runs on this data folder: what was looked at is its configuration.',
    [],
    [['server', 'Ferry', 'ferry serve --config ferry.yaml']],
  )
}

/** What a wire of a gigabit carries, twice. */
const slowCipher = 250

function cipherSlow({ cipherMegabytes, tls, ports }: ServerFacts): Verdict | undefined {
  const encrypts = tls !== 'off' || ports.some(({ service }) => service === 'SFTP')
  if (!encrypts || cipherMegabytes >= slowCipher) return undefined
  return says(
    'server-cipher-slow',
    'note',
    `This machine encrypts ${Math.round(cipherMegabytes)} MB/s and no more: its processor has no AES, or it is busy, and encrypted transfers end there.`,
    [],
    [
      ['server', 'you', 'a processor with AES, or fewer encrypted transfers at once'],
      ['client', 'you', 'ciphers with ChaCha20, which need no help from the processor'],
    ],
  )
}

const manyParts = 20

function partsLeft({ leftovers, running }: ServerFacts): Verdict | undefined {
  if (leftovers < manyParts) return undefined
  return says(
    'server-parts-left',
    'note',
    `${leftovers} parts of uploads lie about that were broken off more than a day ago${running ? '' : ': no server runs that would sweep them'}.`,
    [],
    [
      ['server', 'you', "find FOLDER -name '*.ferry-part-*' -mtime +1 shows them"],
      [
        'client',
        'you',
        'clients that break off again and again: long transfers through a router that forgets',
      ],
    ],
  )
}
