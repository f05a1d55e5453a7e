import { unwatchFile, watchFile } from 'node:fs'
import { asError } from '../core/error.ts'
import type { ShownCertificate } from '../server/certificates.ts'
import type { Data } from '../server/data.ts'
import type { Homes } from '../server/homes.ts'
import type { Keeping } from '../server/keeping.ts'
import type { Server } from '../server/serve.ts'
import { loadConfig } from './serve-config.ts'

/** How often the configuration is looked at for changes. */
const lookMs = 2000

/** What is kept beside a running server. */
export interface Kept {
  readonly keeping: Keeping
  readonly server: Server
  readonly file: string | undefined
  readonly words: readonly string[]
  readonly data: Data | undefined
  readonly homes: Homes
  readonly certificates: () => readonly ShownCertificate[]
  /** Reads anew what the configuration names and does not hold: what is wrong with it. */
  readonly named: () => Promise<readonly string[]>
}

/**
 * Answers the control socket, and reads the configuration anew on SIGHUP and when the file changes: sessions live on,
 * and a file that is wrong changes nothing. Gives what reads it anew and what ends all this.
 */
export async function keepServer(kept: Kept): Promise<{ reload(): Promise<void>; end(): Promise<void> }> {
  const { keeping, server, file, data, homes } = kept
  const warn = (text: string): void => keeping.emit({ kind: 'warning', text })
  let { words } = kept
  const reread = async (): Promise<readonly string[]> => {
    const fresh = await loadConfig(file)
    if (fresh.problems.length > 0)
      return fresh.problems.map((problem) => `the configuration is not taken: ${problem}`)
    const late = [...keeping.use(fresh.config, server)]
    if (fresh.words.join('\n') !== words.join('\n'))
      late.push('options of ferry serve changed: they count from the next start on')
    words = fresh.words
    return late
  }
  const reload = async (): Promise<readonly string[]> => {
    const told = [...(await reread()), ...(await kept.named())]
    told.forEach(warn)
    return told
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
  await keeping.begin({ server, reload, recount, certificates: kept.certificates })
  const rotate = (): void => keeping.rotate()
  const look = (): void => void reload()
  process.on('SIGUSR1', rotate)
  if (file !== undefined) watchFile(file, { interval: lookMs, persistent: false }, look)
  return {
    async reload() {
      await reload()
    },
    async end() {
      process.off('SIGUSR1', rotate)
      if (file !== undefined) unwatchFile(file, look)
      await keeping.end()
    },
  }
}
