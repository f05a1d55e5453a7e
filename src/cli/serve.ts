import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import { inheriting } from '../net/inheriting.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { recordingsOf } from '../server/config-settings.ts'
import { openData, type Data } from '../server/data.ts'
import { Keeping } from '../server/keeping.ts'
import { ListenError } from '../server/listen-error.ts'
import { serve, type ServeOptions, type Server } from '../server/serve.ts'
import { diskStore, type DiskStore } from '../stores/disk.ts'
import { announce } from './announce.ts'
import { entrancesOf } from './entrances.ts'
import { freshPassword } from './fresh-password.ts'
import { inheritedSockets } from './inherited-sockets.ts'
import { keepServer } from './keep-server.ts'
import { listenTrouble } from './listen-trouble.ts'
import { log } from './log.ts'
import { Renewal } from './renewal.ts'
import { become, identityOf } from './run-as.ts'
import { serveHomes } from './serve-accounts.ts'
import { loadConfig, type LoadedConfig } from './serve-config.ts'
import { configFile, parseServeWords, type ServeWords } from './serve-options.ts'
import { atSockets, socketWords } from './socket-words.ts'
import { Systemd } from './systemd.ts'
import { untilStopped } from './until-stopped.ts'
import { UsageError } from './usage-error.ts'

/** `ferry serve`: runs until it is stopped. */
export async function serveCommand(words: readonly string[]): Promise<number> {
  const file = configFile(words)
  const loaded = await loadConfig(file)
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.join('\n'))
  const sockets = inheritedSockets()
  const wishOf = (config: LoadedConfig): ServeWords =>
    atSockets(parseServeWords([...config.words, ...words, ...socketWords(sockets)]), sockets)
  const wish = wishOf(loaded)
  const store = await openFolder(wish.directory)
  const identity = wish.runAs === undefined ? undefined : identityOf(wish.runAs)
  const data = wish.data === undefined ? undefined : await openDataOr(wish.data)
  const generated = isForNobody(loaded, wish, data) ? { name: 'ferry', password: freshPassword() } : undefined
  const events = log(wish)
  const network = inheriting(tcpNetwork(), sockets)
  const keeping = new Keeping(loaded.config, data, events, systemClock, network)
  const warn = (text: string): void => keeping.emit({ kind: 'warning', text })
  const homes = serveHomes(wish.directory, data?.register, warn)
  const renewal = await Renewal.open(loaded, {
    wishOf,
    read: (wish, { config }) =>
      entrancesOf(wish, { events, openFolder, transcript: recordingsOf(config, data !== undefined) > 0 }),
    generated,
    store,
    data,
    homes,
  })
  const server = await open(wish, {
    ...renewal.entrances,
    accounts: renewal.accounts,
    ...keeping.options,
    sweep: () => [store, ...renewal.stores(), ...homes.folders()],
  })
  if (identity !== undefined) become(identity, wish.data)
  const certificates = () => renewal.certificates()
  const renew = (fresh: LoadedConfig) => renewal.take(fresh, server)
  const kept = await keepServer({ keeping, server, file, data, homes, certificates, renew })
  const tell = (text: string) => wish.json || process.stderr.write(`${text}\n`)
  // Listening before anything is said: whoever reads the ready line may stop the server at once.
  const systemd = new Systemd(server, systemClock, warn)
  const reload = (): void => void systemd.reloading(() => kept.reload())
  const stopping = (text: string): void => {
    systemd.stopping()
    tell(text)
  }
  const stopped = untilStopped(server, wish.graceMs, stopping, reload)
  announce(wish, server, generated, renewal.fingerprint)
  systemd.ready()
  await stopped
  await kept.end()
  await homes.end()
  await renewal.end()
  await store.close()
  data?.close()
  return 0
}

/** Whether nobody could log in, where the protocols know users, which TFTP alone does not. */
function isForNobody(loaded: LoadedConfig, wish: ServeWords, data: Data | undefined): boolean {
  const anybody = data !== undefined && !data.register.list().next().done
  const hasUsers = [wish.ftpPort, wish.ftpsPort, wish.sftpPort].some((port) => port !== 'off')
  const isNamed = wish.users.length > 0 || wish.anonymous || loaded.config.accounts !== undefined
  return hasUsers && !anybody && !isNamed
}

async function openFolder(directory: string): Promise<DiskStore> {
  try {
    if ((await stat(directory)).isDirectory()) return await diskStore(resolve(directory))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT')
      throw new UsageError(`there is no folder ${directory}. Make it first: mkdir ${directory}`)
    throw new UsageError(`the folder ${directory} cannot be opened: ${String(code ?? thrown)}.`)
  }
  throw new UsageError(`${directory} is not a folder.`)
}

async function open(wish: ServeWords, options: ServeOptions): Promise<Server> {
  try {
    return await serve(options)
  } catch (thrown) {
    if (!(thrown instanceof ListenError)) throw thrown
    throw new UsageError(listenTrouble(thrown, wish))
  }
}

async function openDataOr(folder: string): Promise<Data> {
  try {
    return await openData(folder)
  } catch (thrown) {
    throw new UsageError(`the data folder ${folder} cannot be used: ${asError(thrown).message}`)
  }
}
