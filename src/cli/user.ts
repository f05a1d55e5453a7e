import { SettingsError } from '../accounts/register.ts'
import { DatabaseError } from '../database/database.ts'
import type { Data } from '../server/data.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { systemClock } from '../core/clock.ts'
import { quotaKeys } from '../core/quota-keys.ts'
import type { Form } from './commands.ts'
import { askServer, keepingOptions, keepingWords, mustOpenKept, openKept } from './keeping-words.ts'
import type { OptionRows } from './options.ts'
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

/** A verb of `ferry user`. */
interface UserVerb {
  /** What stands behind it. */
  readonly takes: string
  readonly does: string
  /** How many words that can be. */
  readonly most: number
  run(data: Data, words: UserWords, folder: string): Promise<void>
}

const verbs: Readonly<Record<string, UserVerb>> = {
  add: { takes: 'NAME [SETTING=VALUE]...', does: 'makes an account', most: Infinity, run: addUser },
  list: { takes: '', does: 'tells who there is', most: 0, run: listUsers },
  show: { takes: 'NAME', does: 'tells all but the secrets', most: 1, run: showUser },
  set: {
    takes: 'NAME SETTING=VALUE...',
    does: 'sets; SETTING= takes one away',
    most: Infinity,
    run: setUser,
  },
  password: { takes: 'NAME', does: 'sets a new password', most: 1, run: setPassword },
  key: {
    takes: 'NAME [add FILE|- | remove ID]',
    does: 'keeps public keys and certificates',
    most: 3,
    run: keysOf,
  },
  code: { takes: 'NAME', does: 'makes the secret of one-time codes', most: 1, run: codeOf },
  group: {
    takes: 'list | set NAME SETTING=VALUE... | remove NAME',
    does: 'keeps what several have in common',
    most: Infinity,
    run: groupOf,
  },
  import: {
    takes: 'htpasswd|ftpasswd|pure-pw|sftpgo|vsftpd FILE',
    does: 'takes over whom another server knows',
    most: 2,
    run: importUsers,
  },
  recount: { takes: 'NAME', does: 'counts anew what lies in the home, for its quota', most: 1, run: recount },
  remove: { takes: 'NAME', does: 'removes an account, and no files', most: 1, run: removeUser },
}

/** What may be the first that is kept in a folder. */
const makers: readonly string[] = ['add', 'group', 'import']

/** How it is typed. */
export const userForms: readonly Form[] = Object.entries(verbs).map(([verb, { takes, does }]) => ({
  usage: `${verb} ${takes}`.trimEnd(),
  does,
}))

export const userOptions = {
  generate: { type: 'boolean', does: 'add, password: make a password and print it' },
  off: { type: 'boolean', does: 'password, code: from now on there is none' },
  ...keepingOptions,
} as const satisfies OptionRows

/** `ferry user`: keeps the accounts of a data folder, whether a server runs on it or not. */
export async function userCommand(words: readonly string[]): Promise<number> {
  const { rest, folder, said } = await keepingWords('user', words, userOptions)
  const [name = '', ...operands] = rest
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (verb === undefined) throw new UsageError(`say ferry user ${Object.keys(verbs).join('|')}.`)
  const extra = operands[verb.most]
  if (extra !== undefined)
    throw new UsageError(`"${extra}" is a word too many: ferry user ${`${name} ${verb.takes}`.trimEnd()}.`)
  const data = await (makers.includes(name) ? openKept(folder) : mustOpenKept(folder))
  try {
    await verb.run(data, { ...said, rest: operands }, folder)
    return 0
  } catch (thrown) {
    if (thrown instanceof SettingsError) throw new UsageError(`${thrown.message}.`)
    if (thrown instanceof DatabaseError) throw new UsageError(thrown.message)
    throw thrown
  } finally {
    data.close()
  }
}

/** The running server counts; where none runs, the next one does before the first upload. */
async function recount(data: Data, words: UserWords, folder: string): Promise<void> {
  const { name } = existing(data, words)
  const answer = (await askServer(folder, { ask: 'recount', id: name })) as { text?: string } | undefined
  if (answer === undefined) await sqliteLedger(data.database, systemClock).set(quotaKeys(name).dirty, 0)
  process.stdout.write(`${answer?.text ?? 'it is counted when the server runs again'}\n`)
}
