import { getCompileCacheDir } from 'node:module'
import { dirname, extname } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { limitsOf } from '../../server/config-settings.ts'
import type { Keeping } from '../../server/keeping.ts'
import { choosePorts, type Ports } from '../../server/workers/choose-ports.ts'
import { Team, type Plan } from '../../server/workers/team.ts'
import type { Store } from '../../core/store.ts'
import { countWorkers, type WorkerMachine } from './count-workers.ts'
import type { WordedEntrances } from './entrances.ts'
import type { LoadedConfig } from './serve-config.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'
import { keptHostKeys } from './sftp-service.ts'
import { UsageError } from '../usage-error.ts'
import { portsOf, type WorkerGiven } from './worker-given.ts'

/** What was asked for last, and read for it. */
export interface Asked {
  readonly loaded: LoadedConfig
  readonly wish: ServeWords
  readonly worded: WordedEntrances
}

/** What a server with workers is made of. */
export interface TeamParts {
  readonly count: number
  readonly machine: WorkerMachine
  /** Those of the command line. */
  readonly words: readonly string[]
  readonly generated: NamedUser | undefined
  readonly keeping: Keeping
  readonly asked: () => Asked
  readonly sweep: () => readonly Store[]
}

/** Starts `ferry serve` with workers. */
export async function serveTeam(parts: TeamParts): Promise<Team> {
  const { count, keeping, asked, sweep } = parts
  const { events, gate, rules } = keeping.options
  const standing = new WeakMap<Plan, Standing>()
  return Team.begin({
    size: count,
    clock: systemClock,
    events,
    gate,
    limits: limitsOf(asked().loaded.config),
    recordings: keeping.recorder.most,
    ...(rules.ledger === undefined ? {} : { kept: rules.ledger }),
    module: new URL('../../../bin/worker.js', import.meta.url),
    sweep,
    async plan(former) {
      const { wish } = asked()
      mustServeAll(parts, wish)
      const ports = await portsFor(wish, former === undefined ? undefined : standing.get(former))
      const plan = planFor(parts, asked(), ports, await keptHostKeys(wish))
      standing.set(plan, { wish, ports })
      return plan
    },
  })
}

/** Where it listens by a plan. */
interface Standing {
  readonly wish: ServeWords
  readonly ports: Ports
}

/** How many there are is settled at the start. */
function mustServeAll({ count, machine }: TeamParts, wish: ServeWords): void {
  const { count: most, why = '' } = countWorkers({ ...wish, workers: count }, machine)
  if (most < count) throw new UsageError(`${count} workers run, and ${why}. More ports, or another start.`)
}

function planFor(
  { count, words, generated }: TeamParts,
  { loaded, wish, worded }: Asked,
  ports: Ports,
  hostKeys: ReadonlyMap<string, Uint8Array>,
): Plan {
  const compiled = getCompileCacheDir()
  return (placed): WorkerGiven => ({
    module: new URL(`serve-worker${extname(import.meta.filename)}`, import.meta.url).href,
    // Node names a folder of its own version in the one that it was given.
    compiled: compiled === undefined ? undefined : dirname(compiled),
    placed,
    loaded,
    words,
    places: { ports, ...portsOf(wish, count, placed.place) },
    generated,
    hostKeys,
    identity: worded.tls?.identity,
  })
}

/** A door that stays where it is has its port already. */
async function portsFor(wish: ServeWords, standing: Standing | undefined): Promise<Ports> {
  const wanted = wantedPorts(wish)
  if (standing === undefined || standing.wish.host !== wish.host)
    return choosePorts(tcpNetwork(), wish.host, wanted)
  const former = wantedPorts(standing.wish)
  const stays = (protocol: keyof Ports): boolean => wanted[protocol] === former[protocol]
  const moved = await choosePorts(tcpNetwork(), wish.host, {
    ftp: stays('ftp') ? 'off' : wanted.ftp,
    ftps: stays('ftps') ? 'off' : wanted.ftps,
    sftp: stays('sftp') ? 'off' : wanted.sftp,
    tftp: stays('tftp') ? 'off' : wanted.tftp,
  })
  const { ports } = standing
  return {
    ftp: stays('ftp') ? ports.ftp : moved.ftp,
    ftps: stays('ftps') ? ports.ftps : moved.ftps,
    sftp: stays('sftp') ? ports.sftp : moved.sftp,
    tftp: stays('tftp') ? ports.tftp : moved.tftp,
  }
}

function wantedPorts({ ftpPort, ftpsPort, sftpPort, tftpPort }: ServeWords): Ports {
  return { ftp: ftpPort, ftps: ftpsPort, sftp: sftpPort, tftp: tftpPort }
}
