import type { RoundTrip } from '../step.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { letFullPackets } from './fixes.ts'

/** What the file grows by with each CR LF made LF, or each LF made CR LF. */
const asciiGrowth = new Set([-2, 1, 3])

/** A small file does not go there and back. */
export function roundTripFails({ roundTrip }: { readonly roundTrip?: RoundTrip }): Verdict | undefined {
  if (roundTrip === undefined || roundTrip.outcome === 'works') return undefined
  const { id, sentence, fixes } = matterOf(roundTrip)
  return {
    id,
    weight: 'trouble',
    sentence,
    evidence: [
      roundTrip.reply ?? roundTrip.text ?? roundTrip.outcome,
      ...(roundTrip.leftBehind === undefined ? [] : [`${roundTrip.leftBehind} is left behind there`]),
    ],
    fixes,
    broken: 'none',
  }
}

function matterOf({
  stage = 'STOR',
  outcome,
  bytesBack = 0,
  bytesSent = 0,
  reply,
  text,
}: RoundTrip): Pick<Verdict, 'id' | 'sentence' | 'fixes'> {
  if (stage === 'compare' && asciiGrowth.has(bytesBack - bytesSent)) {
    return {
      id: 'round-trip-ascii',
      sentence:
        'A small file came back with its line ends changed: something on the way takes binary files for text (ASCII mode).',
      fixes: toBinary,
    }
  }
  if (outcome === 'silence' && (stage === 'STOR' || stage === 'RETR')) {
    return {
      id: 'round-trip-stalls',
      sentence: `Short commands are answered, and a file of some thousand bytes does not ${stage === 'STOR' ? 'arrive at the server' : 'come back from the server'}: full packets are dropped on the way, and nobody says so (an MTU black hole).`,
      fixes: letFullPackets(),
    }
  }
  const said = reply ?? text ?? ''
  if (/^(?:452|552)\b|no space|disk (?:is )?full|quota/iu.test(said)) {
    return {
      id: 'round-trip-full',
      sentence: 'A small file cannot be written: the disk is full, or the account has used up its quota.',
      fixes: makeRoom,
    }
  }
  const words = {
    STOR: 'A small file cannot be written: the account may not write here, or the folder does not let it.',
    RETR: 'A small file was written and cannot be read back.',
    compare: 'A small file did not come back as it was sent.',
    DELE: 'A small file was written and read, and cannot be removed.',
  } as const
  return { id: `round-trip-${stage.toLowerCase()}`, sentence: words[stage], fixes: letWrite }
}

const toBinary: readonly Fix[] = [
  { side: 'client', program: 'FileZilla', line: 'Transfer > Transfer type > Binary' },
  { side: 'client', program: 'WinSCP', line: 'Transfer settings: Binary' },
  { side: 'client', program: 'lftp', line: 'leave out -a' },
  { side: 'server', program: 'ProFTPD', line: 'DefaultTransferMode binary' },
]

const makeRoom: readonly Fix[] = [
  { side: 'server', program: 'you', line: 'df -h and df -i show the disk; quota -u USER shows the quota' },
  { side: 'server', program: 'Ferry', line: 'ferry user show NAME, and ferry user recount NAME' },
  { side: 'server', program: 'ProFTPD', line: 'QuotaLimitTable (mod_quotatab)' },
  { side: 'server', program: 'Pure-FTPd', line: 'pure-pw usermod NAME -N MEGABYTES; MaxDiskUsage' },
]

const letWrite: readonly Fix[] = [
  { side: 'server', program: 'you', line: 'the folder must belong to the account, or be writable for it' },
  { side: 'server', program: 'Ferry', line: 'ferry explain USER PATH upload' },
  {
    side: 'server',
    program: 'vsftpd',
    line: 'write_enable=YES in vsftpd.conf; for guests anon_upload_enable=YES besides',
  },
  { side: 'server', program: 'ProFTPD', line: '<Limit WRITE> AllowAll' },
  { side: 'server', program: 'Pure-FTPd', line: 'AnonymousCantUpload no, for guests' },
  { side: 'server', program: 'IIS', line: 'FTP Authorization Rules: Write, and rights in the file system' },
]
