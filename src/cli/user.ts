import { parseArgs } from 'node:util'
import { SettingsError } from '../accounts/register.ts'
import { DatabaseError } from '../database/database.ts'
import type { Data } from '../server/data.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { systemClock } from '../core/clock.ts'
import { quotaKeys } from '../policy/quota/quota-keys.ts'
import { askServer, openKept } from './keeping-words.ts'
import { usualDataFolder } from '../server/data-folder.ts'
import { UsageError } from './usage-error.ts'
import {
  existing,
  addUser,
  listUsers,
  removeUser,
  setPassword,
  setUser,
  showUser,
  type UserWords,
} from './user/accounts.ts'
import { groupOf } from './user/groups.ts'
import { importUsers } from './user/import.ts'
import { codeOf, keysOf } from './user/keys.ts'

const verbs: Readonly<Record<string, (data: Data, words: UserWords) => Promise<void>>> = {
  add: addUser,
  list: listUsers,
  show: showUser,
  set: setUser,
  password: setPassword,
  key: keysOf,
  code: codeOf,
  group: groupOf,
  import: importUsers,
  remove: removeUser,
}

/** `ferry user`: keeps the accounts of a data folder, whether a server runs on it or not. */
export async function userCommand(words: readonly string[]): Promise<number> {
  const { verb, ...rest } = parse(words)
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (run === undefined)
    throw new UsageError(`say ferry user ${[...Object.keys(verbs), 'recount'].join('|')}.`)
  const { values } = rest
  const folder = values.data ?? usualDataFolder()
  if (verb === 'recount') return recount(folder, rest.rest)
  const data = await openKept(folder)
  try {
    await run(data, { ...rest, json: values.json, generate: values.generate, off: values.off })
    return 0
  } catch (thrown) {
    if (thrown instanceof SettingsError || thrown instanceof DatabaseError)
      throw new UsageError(`${thrown.message}.`)
    throw thrown
  } finally {
    data.close()
  }
}

/** `ferry user recount NAME`: the running server counts; where none runs, the next one does before the first upload. */
async function recount(folder: string, [name = '']: readonly string[]): Promise<number> {
  const data = await openKept(folder)
  try {
    existing(data, { rest: [name] })
    const answer = (await askServer(folder, { ask: 'recount', id: name })) as { text?: string } | undefined
    if (answer === undefined) await sqliteLedger(data.database, systemClock).set(quotaKeys(name).dirty, 0)
    process.stdout.write(`${answer?.text ?? 'it is counted when the server runs again'}\n`)
    return 0
  } finally {
    data.close()
  }
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
        generate: { type: 'boolean', default: false },
        off: { type: 'boolean', default: false },
      },
    })
    const [verb = '', ...rest] = positionals
    return { verb, rest, values }
  } catch (thrown) {
    const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('. ')
    throw new UsageError(`${first.replace(/\.$/u, '')}. "ferry help" lists the options.`)
  }
}
