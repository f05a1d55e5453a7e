import { availableParallelism } from 'node:os'
import { systemClock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
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
import { keepServer, type Keeper } from './serving/keep-server.ts'
import { listenTrouble } from './serving/listen-trouble.ts'
import { log } from './serving/log.ts'
import { openFolder } from './serving/open-folder.ts'
import { publishService, type PublishService } from './serving/publish-service.ts'
import { Renewal, type RenewalParts } from './serving/renewal.ts'
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
  const made = await make(words)
  const { wish, identity, keeping } = made
  const far = await publishService(wish, keeping)
  const server = await open(made, far)
  if (identity !== undefined) become(identity, wish.data)
  const kept = await keep(made, far, server)
  await run(made, { far, server, kept })
  await far?.end()
  await kept.end()
  await made.homes.end()
  await made.renewal.end()
  await made.store.close()
  made.data?.close()
  // All is over: a connection to somebody who cannot be reached, which Node gives up in 10 s only, holds nobody up.
  systemClock.after(leftOverMs, () => leave(wish))
  return 0
}

/** All that a server is put together from, before anything listens. */
type Made = Awaited<ReturnType<typeof make>>

async function make(words: readonly string[]) {
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
  const now: Now = {}
  const events = log(wish.json, () => now.asked?.wish.loudness ?? wish.loudness)
  const network = inheriting(tcpNetwork(), sockets)
  const keeping = keepingOr(() => new Keeping(loaded.config, data, events, systemClock, network))
  const warn = (text: string): void => keeping.emit({ kind: 'warning', text })
  const homes = serveHomes(wish.directory, data?.register, warn)
  const read = reading(now, events, data !== undefined)
  const renewal = await Renewal.open(loaded, { wishOf, read, generated, store, data, homes })
  const lastAsked = (): Asked => {
    if (now.asked === undefined) throw new Error('nothing was read yet')
    return now.asked
  }
  const machine = {
    cores: availableParallelism(),
    sharesPorts: canSharePorts,
    inherits: sockets.length > 0,
    firstOpenPort: firstOpenPort(),
  }
  const workers = countWorkers(wish, machine)
  return {
    words,
    file,
    wish,
    identity,
    data,
    store,
    generated,
    keeping,
    warn,
    homes,
    renewal,
    now,
    lastAsked,
    machine,
    workers,
  }
}

/** What was read last, and the workers once there are some. */
interface Now {
  asked?: Asked
  team?: Team
}

/** Reads what a configuration asks for. Workers are told what comes of it later. */
function reading(now: Now, events: Events, hasData: boolean): RenewalParts['read'] {
  const shown = (identity: TlsIdentity): void => now.team?.identity(identity)
  return async (wish, loaded) => {
    const transcript = recordingsOf(loaded.config, hasData) > 0
    const worded = await entrancesOf(wish, { events, openFolder, transcript, shown })
    now.asked = { wish, loaded, worded }
    const look = () => {
      now.team?.look()
      return worded.look()
    }
    return { ...worded, look }
  }
}

/** Opens the doors: here, or in workers. */
function open(made: Made, far: PublishService | undefined): Promise<Running> {
  const { words, wish, store, generated, keeping, homes, renewal, machine } = made
  const { count } = made.workers
  const sweep = () => [store, ...renewal.stores(), ...homes.toSweep()]
  const published = far?.doors
  const options = { ...renewal.entrances, accounts: renewal.accounts, ...keeping.options, sweep, published }
  const team = { count, machine, words, generated, keeping, asked: made.lastAsked, sweep }
  return openOr(wish, far, async () =>
    count === 1 ? serve(options) : (made.now.team = await serveTeam(team)),
  )
}

/** Begins what is kept beside the open doors: the control socket, and a look at the configuration. */
function keep(made: Made, far: PublishService | undefined, server: Running): Promise<Keeper> {
  const { file, generated, keeping, data, homes, renewal } = made
  const certificates = () => renewal.certificates()
  const shares = () => sharesOf(made.lastAsked().wish, file, generated)
  const renew = (fresh: LoadedConfig) => renewal.take(fresh, server)
  return keepOr([far, server], () =>
    keepServer({ keeping, server, file, shares, data, homes, certificates, renew }),
  )
}

/** A server whose doors are open, and what runs beside it. */
interface Opened {
  readonly far: PublishService | undefined
  readonly server: Running
  readonly kept: Keeper
}

/** Says that all listeners stand, and waits until the server is stopped. */
async function run(made: Made, { far, server, kept }: Opened): Promise<void> {
  const { wish, generated, keeping, warn, renewal } = made
  // Listening before anything is said: whoever reads the ready line may stop the server at once.
  const systemd = new Systemd(server, systemClock, warn)
  const reload = (): void => void systemd.reloading(() => kept.reload())
  const stopping = (text: string): void => {
    systemd.stopping()
    kept.stop()
    tell(wish, text)
  }
  const stopped = untilStopped(server, () => made.lastAsked().wish.graceMs, stopping, reload)
  await far?.look(() => keeping.http)
  const { listeners } = server
  announce(wish, { listeners, http: keeping.http }, generated, renewal.certificate, far?.stands)
  for (const told of [made.workers.why, fewOpenFiles(mostOpenFiles())]) if (told !== undefined) warn(told)
  systemd.ready()
  await stopped
}

function tell({ json }: ServeWords, text: string): void {
  if (!json) process.stderr.write(`${text}\n`)
}

/** Node waits at its end for calls to the disk, also for those to one that never answers; nobody else does. */
function leave(wish: ServeWords): void {
  if (process.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq'))) {
    tell(wish, 'A disk does not answer, and is not waited for.')
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
  work: () => Promise<Keeper>,
): Promise<Keeper> {
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
