import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import { openData, type Data } from '../server/data.ts'
import type { Accounts } from '../core/account.ts'
import { serve, type FtpListener, type Server } from '../server/serve.ts'
import { ListenError } from '../server/listen-error.ts'
import { diskStore, type DiskStore } from '../stores/disk.ts'
import { freshPassword } from './fresh-password.ts'
import { become, identityOf } from './run-as.ts'
import { Systemd } from './systemd.ts'
import { inheritedSockets } from './inherited-sockets.ts'
import { atSockets, socketWords } from './socket-words.ts'
import { inheriting } from '../net/inheriting.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { keepServer } from './keep-server.ts'
import { serveAccounts, serveHomes } from './serve-accounts.ts'
import { loadConfig } from './serve-config.ts'
import type { Homes } from '../server/homes.ts'
import { Keeping } from '../server/keeping.ts'
import { announce } from './announce.ts'
import { log } from './log.ts'
import { configFile, parseServeWords, type ServeWords } from './serve-options.ts'
import { sftpListener } from './sftp-service.ts'
import { tlsService, type TlsService } from './tls-service.ts'
import { tftpService, type TftpService } from './tftp-service.ts'
import { untilStopped } from './until-stopped.ts'
import { UsageError } from './usage-error.ts'

/** `ferry serve`: runs until it is stopped. */
export async function serveCommand(words: readonly string[]): Promise<number> {
  const file = configFile(words)
  const loaded = await loadConfig(file)
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.join('\n'))
  const sockets = inheritedSockets()
  const wish = atSockets(parseServeWords([...loaded.words, ...words, ...socketWords(sockets)]), sockets)
  const store = await openFolder(wish.directory)
  const identity = wish.runAs === undefined ? undefined : identityOf(wish.runAs)
  const data = wish.data === undefined ? undefined : await openDataOr(wish.data)
  const anybody = data !== undefined && !data.register.list().next().done
  const nobody =
    !anybody &&
    loaded.config.accounts === undefined &&
    wish.users.length === 0 &&
    !wish.anonymous &&
    hasUsers(wish)
  const generated = nobody ? { name: 'ferry', password: freshPassword() } : undefined
  const users = generated === undefined ? wish.users : [generated]
  const tftp = await tftpService(wish, openFolder)
  const events = log(wish)
  const network = inheriting(tcpNetwork(), sockets)
  const keeping = new Keeping(loaded.config, data, events, systemClock, network)
  const tls = await tlsService(wish, events)
  const homes = serveHomes(wish.directory, data?.register, (text) => keeping.emit({ kind: 'warning', text }))
  const accounts = await serveAccounts(wish, store, users, data, homes, loaded.config.accounts)
  const server = await open(wish, store, accounts, { tftp, tls, homes, keeping })
  if (identity !== undefined) become(identity, wish.data)
  const kept = await keepServer({
    keeping,
    server,
    file,
    words: loaded.words,
    data,
    homes,
    certificates: () => tls?.shown() ?? [],
    named: async () => (await tftp?.look()) ?? [],
  })
  const tell = (text: string) => wish.json || process.stderr.write(`${text}\n`)
  // Listening before anything is said: whoever reads the ready line may stop the server at once.
  const systemd = new Systemd(server, systemClock, (text) => keeping.emit({ kind: 'warning', text }))
  const reload = (): void =>
    void systemd.reloading(async () => void (await Promise.all([kept.reload(), tls?.look()])))
  const stopping = (text: string): void => {
    systemd.stopping()
    tell(text)
  }
  const stopped = untilStopped(server, wish.graceMs, stopping, reload)
  announce(wish, server, generated, tls?.fingerprint)
  systemd.ready()
  await stopped
  await kept.end()
  await homes.end()
  for (const one of [store, ...(tftp?.stores ?? [])]) await one.close()
  tls?.close()
  data?.close()
  return 0
}

/** TFTP alone knows no users. */
function hasUsers({ ftpPort, ftpsPort, sftpPort }: ServeWords): boolean {
  return [ftpPort, ftpsPort, sftpPort].some((port) => port !== 'off')
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

interface Services {
  readonly tftp: TftpService | undefined
  readonly tls: TlsService | undefined
  readonly homes: Homes
  readonly keeping: Keeping
}

async function open(
  wish: ServeWords,
  store: DiskStore,
  accounts: Accounts,
  { tftp, tls, homes, keeping }: Services,
): Promise<Server> {
  const sftp = await sftpListener(wish)
  try {
    return await serve({
      accounts: tftp === undefined ? accounts : tftp.accounts(accounts, store),
      ftp: ftpListener(wish, tls, keeping),
      ...(sftp === undefined ? {} : { sftp }),
      ...(tftp === undefined ? {} : { tftp: tftp.listener }),
      ...keeping.options,
      sweep: () => [store, ...(tftp?.stores ?? []), ...homes.folders()],
    })
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

function ftpListener(
  wish: ServeWords,
  tls: TlsService | undefined,
  { recorder }: Keeping,
): FtpListener | 'off' {
  if (wish.ftpPort === 'off' && wish.ftpsPort === 'off') return 'off'
  return {
    port: wish.ftpPort,
    tls: tls?.tls ?? 'off',
    ...(wish.ftpsPort === 'off' ? {} : { implicitPort: wish.ftpsPort }),
    passive: wish.passive,
    publicAddress: wish.publicAddress,
    transcript: wish.loudness === 'verbose' || recorder.most > 0,
    ...(wish.host === undefined ? {} : { host: wish.host }),
  }
}

const usualPorts = { ftp: 2121, ftps: 2990, sftp: 2222, tftp: 6969 } as const

function listenTrouble(error: ListenError, wish: ServeWords): string {
  const { port, protocol } = error
  switch (error.fault) {
    case 'in-use':
      return `port ${port} is taken by another program. Stop that one, or choose another port: --${protocol} ${port + 1}`
    case 'not-permitted':
      return `port ${port} needs more rights than you have. Take one above 1023, like --${protocol} ${usualPorts[protocol]}, or start as root.`
    case 'no-such-address':
    case 'not-found':
      return `this machine has no address ${wish.host ?? ''}. Leave out --host to listen on all.`
    case 'refused':
    case 'timeout':
    case 'unreachable':
    case 'reset':
    case 'closed':
    case 'aborted':
    case 'failed':
      return `port ${port} cannot be opened: ${error.message}.`
  }
}
