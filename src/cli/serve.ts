import { randomInt } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { memoryAccounts, type MemoryAccount } from '../accounts/memory.ts'
import { NetworkError } from '../core/error.ts'
import { serve, type Server } from '../server/serve.ts'
import { diskStore, type DiskStore } from '../stores/disk.ts'
import { announce } from './announce.ts'
import { log } from './log.ts'
import { parseServeWords, type NamedUser, type ServeWords } from './serve-options.ts'
import { untilStopped } from './until-stopped.ts'
import { UsageError } from './usage-error.ts'

/** `ferry serve`: runs until it is stopped. */
export async function serveCommand(words: readonly string[]): Promise<number> {
  const wish = parseServeWords(words)
  const store = await openFolder(wish.directory)
  const nobody = wish.users.length === 0 && !wish.anonymous
  const generated = nobody ? { name: 'ferry', password: freshPassword() } : undefined
  const server = await open(wish, store, generated === undefined ? wish.users : [generated])
  // Listening before anything is said: whoever reads the ready line may stop the server at once.
  const stopped = untilStopped(server, wish.graceMs, (text) => wish.json || process.stderr.write(`${text}\n`))
  announce(wish, server, generated)
  await stopped
  await store.close()
  return 0
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

async function open(wish: ServeWords, store: DiskStore, users: readonly NamedUser[]): Promise<Server> {
  const common = { home: store, uploads: wish.inPlace ? ('in-place' as const) : ('atomic' as const) }
  const accounts: MemoryAccount[] = users.map((user) => ({ ...common, ...user, readOnly: wish.readOnly }))
  if (wish.anonymous) accounts.push({ ...common, name: 'anonymous', anonymous: true, readOnly: true })
  const ftp = {
    port: wish.ftpPort,
    passive: wish.passive,
    publicAddress: wish.publicAddress,
    transcript: wish.loudness === 'verbose',
    ...(wish.host === undefined ? {} : { host: wish.host }),
  }
  try {
    return await serve({ accounts: memoryAccounts(accounts), ftp, events: log(wish), sweep: [store] })
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    throw new UsageError(listenTrouble(thrown, wish))
  }
}

function listenTrouble(error: NetworkError, wish: ServeWords): string {
  const port = wish.ftpPort
  switch (error.fault) {
    case 'in-use':
      return `port ${port} is taken by another program. Stop that one, or choose another port: --ftp ${port + 1}`
    case 'not-permitted':
      return `port ${port} needs more rights than you have. Take one above 1023, like --ftp 2121, or start as root.`
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

/** Twelve characters that nobody takes for one another when reading them aloud. */
function freshPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  return Array.from({ length: 12 }, () => letters.charAt(randomInt(letters.length))).join('')
}
