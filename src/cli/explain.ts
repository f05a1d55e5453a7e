import type { Config } from '../config/config.ts'
import type { Protocol } from '../core/account.ts'
import { systemClock } from '../core/clock.ts'
import { canonicalAddress, familyOf } from '../core/address.ts'
import { sqliteBans } from '../database/bans.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { banDefaults, Bans } from '../policy/bans.ts'
import { Gate } from '../policy/gate.ts'
import { actions, explain, type Action } from '../server/explain.ts'
import { askServer, keepingWords, openKept, type KeepingWords } from './keeping-words.ts'
import { serveHomes } from './serve-accounts.ts'
import { loadConfig } from './serve-config.ts'
import { UsageError } from './usage-error.ts'

const protocols: readonly Protocol[] = ['ftp', 'ftps', 'sftp', 'tftp']

/**
 * `ferry explain USER PATH ACTION [--from ADDRESS] [--protocol P]`: status 0 where it is allowed, 5 where it is not. What is
 * shared, and by which rules, is what `--config` says; without it, what the server that runs on the data folder does.
 */
export async function explainCommand(words: readonly string[]): Promise<number> {
  const said = await keepingWords(words, { from: { type: 'string' }, protocol: { type: 'string' } })
  const [user, path, action] = said.rest
  const { from = '127.0.0.1', protocol = 'sftp', json } = said.values
  if (user === undefined || path === undefined || !isAction(action))
    throw new UsageError(`say ferry explain USER PATH ${actions.join('|')}.`)
  const known = protocols.find((one) => one === protocol)
  if (known === undefined) throw new UsageError(`--protocol takes one of ${protocols.join(', ')}.`)
  if (familyOf(String(from)) === undefined) throw new UsageError('--from takes an address.')
  const { config, folder } = await sharedBy(said)
  const data = await openKept(said.folder)
  const homes = serveHomes(folder, data.register, (text) => process.stderr.write(`${text}\n`))
  try {
    const bans = new Bans(systemClock, sqliteBans(data.database), banDefaults, () => undefined)
    const explanation = await explain(
      {
        register: data.register,
        homes,
        gate: new Gate(systemClock, config.networks ?? {}, bans),
        ledger: sqliteLedger(data.database, systemClock),
        clock: systemClock,
      },
      { user, path, action, address: canonicalAddress(String(from)), protocol: known },
    )
    const { allowed, rule, reason } = explanation
    const text = `${allowed ? 'allowed' : 'refused'} by ${rule}: ${reason}`
    process.stdout.write(`${json === true ? JSON.stringify(explanation) : text}\n`)
    return allowed ? 0 : 5
  } finally {
    await homes.end()
    data.close()
  }
}

/** The configuration, and the folder that accounts see which have no home of their own. */
async function sharedBy({ file, folder: data }: KeepingWords): Promise<{ config: Config; folder: string }> {
  const running =
    file === undefined ? ((await askServer(data, { ask: 'status' })) as Shares | undefined) : undefined
  const { config, said, problems } = await loadConfig(file ?? running?.config)
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  const folder = said['folder'] ?? running?.folder
  if (typeof folder === 'string') return { config, folder }
  throw new UsageError(
    `no server runs on ${data}, so it is not known what it shares: say --config FILE, with a folder in it.`,
  )
}

/** What a running server tells of itself. */
interface Shares {
  readonly folder: string
  readonly config?: string
}

function isAction(word: string | undefined): word is Action {
  return actions.some((action) => action === word)
}
