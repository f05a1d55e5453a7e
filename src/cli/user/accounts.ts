import { longestCredential } from '../../accounts/judge.ts'
import { passwords } from '../../accounts/passwords.ts'
import { SettingsError, type AccountRecord } from '../../accounts/register.ts'
import type { Data } from '../../server/data.ts'
import { freshPassword } from '../fresh-password.ts'
import { UsageError } from '../usage-error.ts'
import { askPassword } from './ask-password.ts'
import { tellMissingFolders } from './tell-missing-folders.ts'
import { withWords } from './setting-words.ts'
import { withoutPasswords } from './without-passwords.ts'

/** What stands behind `ferry user VERB`. */
export interface UserWords {
  readonly rest: readonly string[]
  readonly json: boolean
  /** Makes a password and prints it. */
  readonly generate: boolean
  readonly off: boolean
}

/** `ferry user add NAME [SETTING=VALUE]...` */
export async function addUser({ register, folder }: Data, words: UserWords): Promise<void> {
  const [name = '', ...settings] = words.rest
  if (name === '' || name.length > longestCredential || /[\0\n\r]/u.test(name) || !name.isWellFormed())
    throw new UsageError('say which name: ferry user add NAME.')
  const said = withWords({}, settings)
  if (register.find(name) !== undefined) throw new UsageError(`there is a user ${name} already.`)
  const password = said['anonymous'] === true ? undefined : await newPassword(name, words)
  const hash = password === undefined ? undefined : await passwords().hash(password)
  if (!register.add(name, hash, said)) throw new UsageError(`there is a user ${name} already.`)
  tell(password, words)
  // A server on another folder, or on none, does not know of it.
  process.stderr.write(`${name} may log in to: ferry serve --data ${folder}\n`)
  await tellMissingFolders(name, existing({ register }, { rest: [name] }).settings)
}

/** `ferry user password NAME`: a new one, or none with --off. */
export async function setPassword(data: Data, words: UserWords): Promise<void> {
  const { name } = existing(data, words)
  const password = words.off ? undefined : await newPassword(name, words)
  data.register.setPassword(name, password === undefined ? undefined : await passwords().hash(password))
  tell(password, words)
}

/** `ferry user set NAME SETTING=VALUE...`; `SETTING=` takes one away. */
export async function setUser({ register }: Data, { rest }: UserWords): Promise<void> {
  const [name = '', ...settings] = rest
  // What means nothing any more can be mended so.
  const said = register.written(name)
  if (said === undefined) throw noUser(name)
  if (settings.length === 0) throw new UsageError('say what to set, like sessions=3 or quota.bytes=10GB.')
  register.setSettings(name, withWords(said, settings))
  await tellMissingFolders(name, existing({ register }, { rest: [name] }).settings)
}

/** `ferry user remove NAME` */
export async function removeUser({ register }: Data, { rest: [name = ''] }: UserWords): Promise<void> {
  if (!register.remove(name)) throw noUser(name)
}

/** `ferry user list` */
export async function listUsers({ register }: Data, { json }: UserWords): Promise<void> {
  for (const name of register.names()) {
    const record = meaningOr(() => register.find(name))
    if (record === undefined) continue // Removed a moment ago.
    if (typeof record === 'string') {
      print(json ? JSON.stringify({ name, problem: record }) : `${name}  not let in: ${record}`)
      continue
    }
    const { settings } = record
    if (json) print(JSON.stringify(tellable(record, register.keysOf(name).length)))
    else
      print(
        `${name}${settings.disabled === true ? '  disabled' : ''}${settings.home === undefined ? '' : `  ${withoutPasswords(settings.home)}`}`,
      )
  }
}

/** What a record means, or why it means nothing. */
function meaningOr<Meaning>(look: () => Meaning): Meaning | string {
  try {
    return look()
  } catch (thrown) {
    if (thrown instanceof SettingsError) return thrown.message
    throw thrown
  }
}

/** `ferry user show NAME`: all but the secrets. */
export async function showUser(data: Data, words: UserWords): Promise<void> {
  const record = existing(data, words)
  const keys = data.register.keysOf(record.name)
  const shown = { ...tellable(record, keys.length), keys }
  if (words.json) return print(JSON.stringify(shown))
  print(record.name)
  print(`  password  ${record.password === undefined ? 'none' : 'yes'}`)
  print(`  codes     ${record.totp === undefined ? 'no' : 'yes'}`)
  for (const { kind, name, remark } of keys) print(`  ${kind.padEnd(9)} ${name} ${remark}`.trimEnd())
  for (const [key, value] of Object.entries(shown.settings))
    print(`  ${key.padEnd(9)} ${JSON.stringify(value)}`)
}

/** The account that the first word names. */
export function existing(
  { register }: Pick<Data, 'register'>,
  { rest: [name = ''] }: Pick<UserWords, 'rest'>,
): AccountRecord {
  const record = name === '' ? undefined : register.find(name)
  if (record !== undefined) return record
  throw noUser(name)
}

function noUser(name: string): UsageError {
  return new UsageError(name === '' ? 'say which user.' : `there is no user ${name}.`)
}

function tellable({ name, password, totp, said }: AccountRecord, keys: number) {
  return {
    name,
    password: password !== undefined,
    codes: totp !== undefined,
    keys,
    settings: withoutPasswords(said),
  }
}

async function newPassword(name: string, { generate }: UserWords): Promise<string> {
  const password = generate ? freshPassword() : await typedPassword(name)
  if (password === '')
    throw new UsageError('no password was typed, and none came from stdin; --generate makes one.')
  if (password.length > longestCredential)
    throw new UsageError(`a password has 1 to ${longestCredential} characters.`)
  return password
}

/** One that was made, once it holds. */
function tell(password: string | undefined, { generate }: UserWords): void {
  if (generate && password !== undefined) print(password)
}

/** Nobody sees what is typed, so it is asked for twice. */
async function typedPassword(name: string): Promise<string> {
  const password = await askPassword(`Password of ${name}: `)
  if (!process.stdin.isTTY || (await askPassword('Once more: ')) === password) return password
  throw new UsageError('the two are not the same: nothing was changed.')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
