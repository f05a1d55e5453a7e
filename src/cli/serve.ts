import { availableParallelism } from 'node:os'
import { systemClock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { TlsIdentity } from '../core/tls.ts'
import { inheriting } from '../net/inheriting.ts'
import { canSharePorts } from '../net/tcp-port.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { recordingsOf } from '../server/config-settings.ts'
import { openData, type Data } from '../server/data.ts'
import { Keeping } from '../server/keeping.ts'
import { ListenError } from '../server/listen-error.ts'
import { fewOpenFiles, mostOpenFiles } from '../server/open-files.ts'
import type { Running } from '../server/running.ts'
import { serve } from '../server/serve.ts'
import type { Team } from '../server/workers/team.ts'
import { announce } from './serving/announce.ts'
import { configuredWords } from './serving/configured-words.ts'
import { countWorkers } from './serving/count-workers.ts'
import { entrancesOf } from './serving/entrances.ts'
import { firstOpenPort } from './serving/first-open-port.ts'
import { freshPassword } from './fresh-password.ts'
import { inheritedSockets } from './serving/inherited-sockets.ts'
import { keepServer } from './serving/keep-server.ts'
import { listenTrouble } from './serving/listen-trouble.ts'
import { log } from './serving/log.ts'
import { openFolder } from './serving/open-folder.ts'
import { publishService, type PublishService } from './serving/publish-service.ts'
import { Renewal } from './serving/renewal.ts'
import { become, identityOf } from './serving/run-as.ts'
import { serveHomes } from './serving/serve-accounts.ts'
import { loadConfig, type LoadedConfig } from './serving/serve-config.ts'
import { configFile, type ServeWords } from './serving/serve-options.ts'
import { serveTeam, type Asked } from './serving/serve-team.ts'
import { sharesOf } from './serving/shares.ts'
import { atSockets, socketWords } from './serving/socket-words.ts'
import { Systemd } from './serving/systemd.ts'
import { untilStopped } from './serving/until-stopped.ts'
import { asFileError } from '../stores/disk/faults.ts'
import { UsageError } from './usage-error.ts'

/** How long what is left over may take to end by itself. */
const leftOverMs = 500

/** `ferry serve`: runs until it is stopped. */
export async function serveCommand(words: readonly string[]): Promise<number> {
  try {
    return await serveUntilStopped(words)
  } catch (thrown) {
    // A mistake of ours in a session ends nothing; one at the start leaves half a server, which nobody would take for none.
    if (!(thrown instanceof UsageError)) {
      process.exitCode = 1
      systemClock.after(leftOverMs, () => process.exit())
    }
    throw thrown
  }
}

async function serveUntilStopped(words: readonly string[]): Promise<number> {
  const file = configFile(words)
  const loaded = await loadConfig(file)
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.join('\n'))
  const sockets = inheritedSockets()
  const wishOf = (config: LoadedConfig): ServeWords =>
    atSockets(configuredWords(config, [...words, ...socketWords(sockets)]), sockets)
  const wish = wishOf(loaded)
  const identity = wish.runAs === undefined ? undefined : identityOf(wish.runAs)
  const data = wish.data === undefined ? undefined : await openDataOr(wish.data)
  const store = await openFolder(wish.directory)
  const generated = isForNobody(loaded, wish, data) ? { name: 'ferry', password: freshPassword() } : undefined
  let asked: Asked | undefined
  const events = log(wish.json, () => asked?.wish.loudness ?? wish.loudness)
  const network = inheriting(tcpNetwork(), sockets)
  const keeping = keepingOr(() => new Keeping(loaded.config, data, events, systemClock, network))
  const warn = (text: string): void => keeping.emit({ kind: 'warning', text })
  const homes = serveHomes(wish.directory, data?.register, warn)
  let team: Team | undefined
  const shown = (identity: TlsIdentity): void => team?.identity(identity)
  const renewal = await Renewal.open(loaded, {
    wishOf,
    async read(wish, loaded) {
      const transcript = recordingsOf(loaded.config, data !== undefined) > 0
      const worded = await entrancesOf(wish, { events, openFolder, transcript, shown })
      asked = { wish, loaded, worded }
      const look = () => {
        team?.look()
        return worded.look()
      }
      return { ...worded, look }
    },
    generated,
    store,
    data,
    homes,
  })
  const lastAsked = (): Asked => {
    if (asked === undefined) throw new Error('nothing was read yet')
    return asked
  }
  const machine = {
    cores: availableParallelism(),
    sharesPorts: canSharePorts,
    inherits: sockets.length > 0,
    firstOpenPort: firstOpenPort(),
  }
  const { count, why } = countWorkers(wish, machine)
  const sweep = () => [store, ...renewal.stores(), ...homes.toSweep()]
  const far = await publishService(wish, keeping)
  const published = far?.doors
  const options = { ...renewal.entrances, accounts: renewal.accounts, ...keeping.options, sweep, published }
  const server = await openOr(wish, far, async () =>
    count === 1
      ? serve(options)
      : (team = await serveTeam({ count, machine, words, generated, keeping, asked: lastAsked, sweep })),
  )
  if (identity !== undefined) become(identity, wish.data)
  const certificates = () => renewal.certificates()
  const shares = () => sharesOf(lastAsked().wish, file, generated)
  const renew = (fresh: LoadedConfig) => renewal.take(fresh, server)
  const kept = await keepOr([far, server], () =>
    keepServer({ keeping, server, file, shares, data, homes, certificates, renew }),
  )
  const tell = (text: string) => wish.json || process.stderr.write(`${text}\n`)
  // Listening before anything is said: whoever reads the ready line may stop the server at once.
  const systemd = new Systemd(server, systemClock, warn)
  const reload = (): void => void systemd.reloading(() => kept.reload())
  const stopping = (text: string): void => {
    systemd.stopping()
    kept.stop()
    tell(text)
  }
  const stopped = untilStopped(server, () => lastAsked().wish.graceMs, stopping, reload)
  await far?.look(() => keeping.http)
  announce(
    wish,
    { listeners: server.listeners, http: keeping.http },
    generated,
    renewal.certificate,
    far?.stands,
  )
  for (const told of [why, fewOpenFiles(mostOpenFiles())]) if (told !== undefined) warn(told)
  systemd.ready()
  await stopped
  await far?.end()
  await kept.end()
  await homes.end()
  await renewal.end()
  await store.close()
  data?.close()
  // All is over: a connection to somebody who cannot be reached, which Node gives up in 10 s only, holds nobody up.
  systemClock.after(leftOverMs, () => leave(tell))
  return 0
}

/** Node waits at its end for calls to the disk, also for those to one that never answers; nobody else does. */
function leave(tell: (text: string) => void): void {
  if (process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))) {
    tell('A disk does not answer, and is not waited for.')
    process.kill(process.pid, 'SIGKILL')
  } else process.exit()
}

/** Whether nobody could log in, where the protocols know users, which TFTP alone does not. */
function isForNobody(loaded: LoadedConfig, wish: ServeWords, data: Data | undefined): boolean {
  const anybody = data !== undefined && !data.register.names().next().done
  const hasUsers = [wish.ftpPort, wish.ftpsPort, wish.sftpPort].some((port) => port !== 'off')
  const isNamed = wish.users.length > 0 || wish.anonymous || loaded.config.accounts !== undefined
  return hasUsers && !anybody && !isNamed
}

/** A port that cannot be opened is a matter of the words. */
async function openOr(
  wish: ServeWords,
  far: PublishService | undefined,
  work: () => Promise<Running>,
): Promise<Running> {
  try {
    return await work()
  } catch (thrown) {
    await far?.end()
    if (!(thrown instanceof ListenError)) throw thrown
    throw new UsageError(listenTrouble(thrown, wish))
  }
}

/** So is what is kept beside the doors: a port of HTTP, a file of the log. */
function keepingOr(work: () => Keeping): Keeping {
  try {
    return work()
  } catch (thrown) {
    throw new UsageError(`${asError(thrown).message}.`)
  }
}

async function keepOr(
  [far, server]: readonly [PublishService | undefined, Running],
  work: () => ReturnType<typeof keepServer>,
): ReturnType<typeof keepServer> {
  try {
    return await work()
  } catch (thrown) {
    await far?.end()
    await server.close()
    throw new UsageError(`${asError(thrown).message}.`)
  }
}

async function openDataOr(folder: string): Promise<Data> {
  try {
    return await openData(folder)
  } catch (thrown) {
    throw new UsageError(`the data folder ${folder} cannot be used: ${asFileError(thrown).message}`)
  }
}
