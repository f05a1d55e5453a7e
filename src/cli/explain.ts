import type { AccountSettings } from '../accounts/settings.ts'
import { memoryLedger } from '../cluster/memory.ts'
import type { Config } from '../config/config.ts'
import { canonicalAddress, familyOf } from '../core/address.ts'
import { systemClock } from '../core/clock.ts'
import { sqliteBans } from '../database/bans.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { banDefaults, Bans } from '../policy/bans.ts'
import { Gate } from '../policy/gate.ts'
import type { Data } from '../server/data.ts'
import { actions, explain, type Action, type ExplainWorld } from '../server/explain.ts'
import type { Homes } from '../server/homes.ts'
import type { Form } from './commands.ts'
import { askServer, keepingOptions, keepingWords, openIfKept, type KeepingWords } from './keeping-words.ts'
import { oneOf, type OptionRows } from './options.ts'
import { serveHomes } from './serving/serve-accounts.ts'
import { configuredWords } from './serving/configured-words.ts'
import { loadConfig } from './serving/serve-config.ts'
import { namedIn, sharesOf, type Shares } from './serving/shares.ts'
import { UsageError } from './usage-error.ts'

const protocols = ['ftp', 'ftps', 'sftp', 'tftp'] as const

/** How it is typed. */
export const explainForms: readonly Form[] = [
  { usage: 'USER PATH ACTION', does: `what may be asked about: ${actions.join(', ')}` },
]

export const explainOptions = {
  from: { type: 'string', value: 'ADDRESS', does: 'as if from there, 127.0.0.1 if not said' },
  protocol: { type: 'string', value: protocols.join('|'), does: 'as if by it, sftp if not said' },
  ...keepingOptions,
} as const satisfies OptionRows

/**
 * `ferry explain USER PATH ACTION [--from ADDRESS] [--protocol P]`: status 0 where it is allowed, 5 where it is not. What is
 * shared, with whom and by which rules is what `--config` says; without it, what the server that runs on the data folder does.
 */
export async function explainCommand(words: readonly string[]): Promise<number> {
  const asked = await keepingWords('explain', words, explainOptions)
  const [user, path, action, extra] = asked.rest
  const { from = '127.0.0.1', json } = asked.said
  if (user === undefined || path === undefined || !isAction(action) || extra !== undefined)
    throw new UsageError(`say ferry explain USER PATH ${actions.join('|')}.`)
  const protocol = oneOf('--protocol', asked.said.protocol, protocols) ?? 'sftp'
  if (familyOf(from) === undefined) throw new UsageError(`--from takes an address, and not "${from}".`)
  const { config, shares } = await sharedBy(asked)
  const data = await openIfKept(asked.folder)
  const homes = serveHomes(shares.folder, data?.register, (text) => process.stderr.write(`${text}\n`))
  try {
    const world = worldOf(config, shares, data, homes)
    const question = { user, path, action, address: canonicalAddress(from), protocol }
    const explanation = await explain(world, question)
    const { allowed, rule, reason } = explanation
    // Where no rule decides, its name would be a word that nobody has written.
    const text = `${allowed ? 'allowed' : 'refused'}${rule === 'none' ? '' : ` by ${rule}`}: ${reason}`
    process.stdout.write(`${json ? JSON.stringify(explanation) : text}\n`)
    return allowed ? 0 : 5
  } finally {
    await homes.end()
    data?.close()
  }
}

function worldOf(config: Config, shares: Shares, data: Data | undefined, homes: Homes): ExplainWorld {
  const bans =
    data === undefined
      ? undefined
      : new Bans(systemClock, sqliteBans(data.database), banDefaults, () => undefined)
  return {
    // In the order in which a login asks.
    settingsOf(name): AccountSettings | undefined {
      const settings = namedIn(shares, name) ?? data?.register.find(name)?.settings
      return settings === undefined || !shares.readOnly ? settings : { ...settings, readOnly: true }
    },
    ...(config.accounts === undefined ? {} : { elsewhere: config.accounts.url }),
    homes,
    gate: new Gate(systemClock, config.networks ?? {}, bans),
    ledger: data === undefined ? memoryLedger(systemClock) : sqliteLedger(data.database, systemClock),
    clock: systemClock,
  }
}

/** The configuration, and what is shared with whom. */
async function sharedBy({ file, folder }: KeepingWords): Promise<{ config: Config; shares: Shares }> {
  const running =
    file === undefined ? ((await askServer(folder, { ask: 'status' })) as Shares | undefined) : undefined
  const loaded = await loadConfig(file ?? running?.config)
  const { config, said, problems } = loaded
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  if (running !== undefined) return { config, shares: running }
  if (said['folder'] !== undefined) return { config, shares: sharesOf(configuredWords(loaded), file) }
  throw new UsageError(
    `no server runs on ${folder}, so it is not known what it shares: say --config FILE, with a folder in it.`,
  )
}

function isAction(word: string | undefined): word is Action {
  return actions.some((action) => action === word)
}
