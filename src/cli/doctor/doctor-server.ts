import { knownCertificates } from '../../client/known-certificates.ts'
import { systemClock } from '../../core/clock.ts'
import type { Examination } from '../../doctor/checks/examination.ts'
import type { OutsideFact, ServerFacts } from '../../doctor/server/facts.ts'
import { lookFromOutside } from '../../doctor/server/from-outside.ts'
import { reportServer } from '../../doctor/server/report-server.ts'
import { judgeServer } from '../../doctor/server/verdicts.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { usualDataFolder } from '../../server/data-folder.ts'
import { placeIn, securities } from './doctor-words.ts'
import { askServer, openIfKept } from '../keeping-words.ts'
import { masking } from '../../core/masking.ts'
import { configuredWords } from '../serving/configured-words.ts'
import { loadConfig } from '../serving/serve-config.ts'
import { configFile } from '../serving/serve-options.ts'
import { serverFacts, type Running } from './server-facts.ts'
import { knownCertificatesFile } from '../fetching/trust-words.ts'
import { UsageError } from '../usage-error.ts'

/** `ferry doctor --server [--from URL] [words of ferry serve]`: a configuration against this machine, and the world. */
export async function doctorServerCommand(words: readonly string[]): Promise<number> {
  const { from, rest } = takeFrom(words.filter((word) => word !== '--server'))
  const loaded = await loadConfig(configFile(rest))
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.join('\n'))
  const wish = configuredWords(loaded, rest)
  const folder = wish.data ?? usualDataFolder()
  const running = (await askServer(folder, { ask: 'status' })) as Running | undefined
  const data = await openIfKept(folder)
  try {
    const network = tcpNetwork()
    const connections = loaded.config.limits?.connections ?? usualConnections
    const facts = await serverFacts({ wish, network, running, data, connections })
    const mask = masking(from?.password)
    const whole = from === undefined ? facts : { ...facts, outside: await outside(from, facts) }
    const verdicts = judgeServer(whole)
    const text = wish.json ? `${JSON.stringify({ found: whole, verdicts })}\n` : reportServer(whole, verdicts)
    process.stdout.write(mask(text))
    return verdicts[0]?.weight === 'trouble' ? 5 : 0
  } finally {
    data?.close()
  }
}

/** How many sessions a small server has at once, where no limit says it. */
const usualConnections = 20

/** A peer tries for half a minute to come. */
const peerPatienceMs = 40_000

interface From {
  readonly peer: Examination
  readonly password: string | undefined
}

function takeFrom(words: readonly string[]): {
  readonly from: From | undefined
  readonly rest: readonly string[]
} {
  const at = words.findIndex((word) => word === '--from' || word.startsWith('--from='))
  if (at === -1) return { from: undefined, rest: words }
  const word = words[at] ?? ''
  const url = word === '--from' ? words[at + 1] : word.slice('--from='.length)
  if (url === undefined)
    throw new UsageError('--from takes the URL of a Ferry elsewhere: ftp://user:password@host/')
  return { from: fromUrl(url), rest: words.toSpliced(at, word === '--from' ? 2 : 1) }
}

function fromUrl(url: string): From {
  const place = placeIn(url)
  if (place.scheme === 'sftp' || place.scheme === 'tftp')
    throw new UsageError('--from takes the FTP of a Ferry elsewhere: ftp://, ftpes:// or ftps://')
  const security = securities[place.scheme]
  const password = place.password ?? process.env['FERRY_PASSWORD']
  return {
    password,
    peer: {
      network: tcpNetwork(),
      clock: systemClock,
      host: place.host,
      port: place.port ?? (security === 'implicit' ? 990 : 21),
      user: place.user ?? 'anonymous',
      password: password ?? 'ferry-doctor@',
      security,
      anyCertificate: false,
      trust: { known: knownCertificates(knownCertificatesFile()) },
      mayWrite: false,
      idleMs: 0,
      patienceMs: peerPatienceMs,
      said: () => undefined,
    },
  }
}

/** Of the passive ports the two ends and the middle tell whether the range is forwarded, and whole. */
function outside({ peer }: From, { ports, passive }: ServerFacts): Promise<OutsideFact> {
  const control = ports.flatMap(({ transport, port }) => (transport === 'tcp' ? [port] : []))
  const range =
    typeof passive === 'string'
      ? []
      : [passive.first, Math.trunc((passive.first + passive.last) / 2), passive.last]
  return lookFromOutside(peer, [...new Set([...control, ...range])])
}
