import { parseArgs } from 'node:util'
import { SettingsError } from '../accounts/register.ts'
import { DatabaseError } from '../database/database.ts'
import { openRegister, type Data } from '../server/data.ts'
import { usualDataFolder } from '../server/data-folder.ts'
import { UsageError } from './usage-error.ts'
import {
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
  if (run === undefined) throw new UsageError(`say ferry user ${Object.keys(verbs).join('|')}.`)
  const { values } = rest
  const data = await openOr(values.data ?? usualDataFolder())
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

async function openOr(folder: string): Promise<Data> {
  try {
    return await openRegister(folder)
  } catch (thrown) {
    if (thrown instanceof DatabaseError) throw new UsageError(thrown.message)
    throw new UsageError(
      `the data folder ${folder} cannot be opened: ${thrown instanceof Error ? thrown.message : ''}.`,
    )
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
