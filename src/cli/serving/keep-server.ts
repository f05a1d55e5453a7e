import { unwatchFile, watchFile } from 'node:fs'
import { asError } from '../../core/error.ts'
import type { ShownCertificate } from '../../server/certificates.ts'
import type { Data } from '../../server/data.ts'
import type { Homes } from '../../server/homes.ts'
import type { Keeping, Reloaded } from '../../server/keeping.ts'
import type { Running } from '../../server/running.ts'
import type { Renewed } from './renewal.ts'
import { loadConfig, type LoadedConfig } from './serve-config.ts'
import type { Shares } from './shares.ts'

/** How often the configuration is looked at for changes. */
const lookMs = 2000

/** What is kept beside a running server. */
export interface Kept {
  readonly keeping: Keeping
  readonly server: Running
  readonly file: string | undefined
  /** What is shared, and with whom. */
  readonly shares: () => Shares
  readonly data: Data | undefined
  readonly homes: Homes
  readonly certificates: () => readonly ShownCertificate[]
  /** Takes who may enter by which doors from a configuration that was read anew: what is to be told, or why it cannot be. */
  readonly renew: (fresh: LoadedConfig) => Promise<Renewed>
}

/** What reads the configuration anew, and when that is over. */
export interface Keeper {
  reload(): Promise<void>
  /** The server is being stopped: from now on nothing is read anew, as that would open ports. */
  stop(): void
  end(): Promise<void>
}

/**
 * Answers the control socket, and reads the configuration anew on SIGHUP and when the file changes: sessions live on,
 * and a file that is wrong changes nothing. Gives what reads it anew, and what ends all this.
 */
export async function keepServer(kept: Kept): Promise<Keeper> {
  const { keeping, server, file, data, homes } = kept
  const warn = (text: string): void => keeping.emit({ kind: 'warning', text })
  let stopped = false
  const reread = async (): Promise<Reloaded> => {
    if (stopped) return notTaken(['the server is being stopped'])
    const fresh = await loadConfig(file)
    if (fresh.problems.length > 0) return notTaken(fresh.problems)
    try {
      const { told, whole } = await kept.renew(fresh)
      const stays = await keeping.use(fresh.config, server)
      return { taken: true, whole: whole && stays.length === 0, problems: [...told, ...stays] }
    } catch (thrown) {
      return notTaken([asError(thrown).message])
    }
  }
  // One after the other: the file is seen to change while a signal says so too.
  let last: Promise<Reloaded> = Promise.resolve({ taken: true, whole: true, problems: [] })
  const reload = async (): Promise<Reloaded> => {
    last = last.then(reread)
    const became = await last
    became.problems.forEach(warn)
    return became
  }
  const recount = async (account: string): Promise<string> => {
    const record = data?.register.find(account)
    if (record === undefined) return `there is no user ${account}`
    try {
      const done = await server.recount(account, await homes.open(account, record.settings))
      return done ? 'counted' : `${account} is uploading, try again later`
    } catch (thrown) {
      return `it could not be counted: ${asError(thrown).message}`
    }
  }
  await keeping.begin({ server, shares: kept.shares, reload, recount, certificates: kept.certificates })
  const rotate = (): void => keeping.rotate()
  const look = (): void => void reload()
  process.on('SIGUSR1', rotate)
  if (file !== undefined) watchFile(file, { interval: lookMs, persistent: false }, look)
  return {
    async reload() {
      if (!stopped) await reload()
    },
    stop() {
      stopped = true
    },
    async end() {
      stopped = true
      await last
      process.off('SIGUSR1', rotate)
      if (file !== undefined) unwatchFile(file, look)
      await keeping.end()
    },
  }
}

function notTaken(reasons: readonly string[]): Reloaded {
  return {
    taken: false,
    whole: false,
    problems: reasons.map((why) => `the configuration is not taken: ${why}`),
  }
}
