import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'
import { DatabaseError } from '../database/database.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { guestNames } from '../core/guest-names.ts'
import { judge, longestCredential, type CodeCheck, type Credentials } from './judge.ts'
import { Guessers } from './guessers.ts'
import { isGuest } from './guests.ts'
import type { Lane, Passwords } from './passwords.ts'
import type { AccountRecord, Register } from './register.ts'
import { accountOf, refusalNow } from './terms.ts'
import { parseSecret, stepOfCode } from './totp.ts'
import type { AccountSettings } from './settings.ts'

export { DatabaseError, openDatabase, type Database, type Row } from '../database/database.ts'
export { passwords, type Lane, type Passwords, type PasswordsOptions } from './passwords.ts'
export { Register, SettingsError, type AccountRecord, type KeptKey } from './register.ts'
export type { Argon2Cost } from './hashes/argon2id.ts'
export type { Hours } from './hours.ts'
export type { AccountSettings, Mount } from './settings.ts'
export type { Problem } from '../config/shape.ts'

/** What accounts of a database need. */
export interface SqliteAccountsOptions {
  readonly register: Register
  readonly passwords: Passwords
  readonly clock?: Clock
  /** Opens what an account sees as its home; it rejects where that is not there. */
  readonly home: (name: string, settings: AccountSettings) => Promise<Account['home']>
}

/** Accounts of the database. Each login reads it anew, so that a change counts from the next login on. */
export function sqliteAccounts(given: SqliteAccountsOptions): Accounts {
  const clock = given.clock ?? systemClock
  const guessers = new Guessers(clock)
  const options = { ...given, clock, guessers }
  return {
    async verify(attempt) {
      const verdict = await verify(options, attempt)
      guessers.note(attempt.peer.address, verdict)
      return verdict
    },
  }
}

/** With who guessed wrong a moment ago. */
interface Options extends SqliteAccountsOptions {
  readonly clock: Clock
  readonly guessers: Guessers
}

async function verify(options: Options, attempt: Attempt): Promise<Verdict> {
  const { user } = attempt
  if (user === '' || user.length > longestCredential || !user.isWellFormed())
    return refuse('a name that is empty, too long or not UTF-8')
  const guest = isGuest(attempt) ? guestOf(options.register) : undefined
  if (guest !== undefined) return enter(options, attempt, guest)
  const found = options.register.find(user)
  const record = found?.settings.anonymous === true ? undefined : found
  return record === undefined ? nobody(options, attempt) : known(options, attempt, record)
}

function guestOf(register: Register): AccountRecord | undefined {
  for (const name of guestNames) {
    const record = register.find(name)
    if (record?.settings.anonymous === true) return record
  }
  return undefined
}

/** A name that nobody has takes the time of a wrong password. */
async function nobody({ passwords, guessers }: Options, { proof, peer }: Attempt): Promise<Verdict> {
  if (proof.kind === 'password' && proof.password !== '' && proof.password.length <= longestCredential)
    await passwords.pretend(proof.password, guessers.laneOf(peer.address))
  return refuse('the user is not known', 'unknown user')
}

async function known(options: Options, attempt: Attempt, record: AccountRecord): Promise<Verdict> {
  const { proof, peer } = attempt
  const lane = options.guessers.laneOf(peer.address)
  // That an account has no password must not be heard either.
  if (proof.kind === 'password' && record.password === undefined)
    await options.passwords.pretend(proof.password.slice(0, longestCredential), lane)
  const judgement = await judge(attempt, credentialsOf(options, record, lane))
  switch (judgement.kind) {
    case 'wrong':
      return refuse(judgement.reason, 'credentials')
    case 'more':
      return { kind: 'continue', wanted: judgement.wanted }
    case 'enough':
      return enter(options, attempt, record)
  }
}

/** When and from where is judged last: a stranger who guesses learns nothing of it. */
async function enter(options: Options, attempt: Attempt, record: AccountRecord): Promise<Verdict> {
  const { name, settings } = record
  const refusal = refusalNow(settings, attempt, options.clock.now())
  if (refusal !== undefined) return refuse(refusal.reason, refusal.rule)
  return { kind: 'accept', account: accountOf(name, settings, await options.home(name, settings)) }
}

function credentialsOf(
  { register, passwords, clock }: Options,
  record: AccountRecord,
  lane: Lane,
): Credentials {
  const { name, password: stored, totp, settings } = record
  const kept = register.keysOf(name)
  const named = (kind: 'key' | 'certificate') =>
    new Set(kept.filter((key) => key.kind === kind).map((key) => key.name))
  return {
    ...(stored === undefined
      ? {}
      : { password: (given: string) => checkPassword({ register, passwords, lane }, name, given, stored) }),
    keys: named('key'),
    certificates: named('certificate'),
    ...(totp === undefined ? {} : { code: codesOf(register, clock, name, totp) }),
    ...(settings.needs === undefined ? {} : { needs: settings.needs }),
  }
}

async function checkPassword(
  { register, passwords, lane }: { register: Register; passwords: Passwords; lane: Lane },
  name: string,
  given: string,
  stored: string,
): Promise<boolean> {
  const result = await passwords.verify(given, stored, lane)
  if (result === 'weak') await renew()
  return result !== 'wrong'

  async function renew(): Promise<void> {
    const hash = await passwords.hash(given)
    try {
      register.renewHash(name, stored, hash)
    } catch (thrown) {
      // A full disk or a lock keeps nobody out: the next login tries again.
      if (!(thrown instanceof DatabaseError)) throw thrown
    }
  }
}

/** A secret that cannot be read makes codes that none fits: the account is closed, not open without them. */
function codesOf(register: Register, clock: Clock, name: string, totp: string): CodeCheck {
  const secret = parseSecret(totp)
  const stepOf = (code: string) => (secret === undefined ? undefined : stepOfCode(secret, code, clock.now()))
  return {
    fits: (code) => stepOf(code) !== undefined,
    async take(code) {
      const step = stepOf(code)
      return step !== undefined && register.takeStep(name, step)
    },
  }
}

function refuse(reason: string, rule?: string): Verdict {
  return { kind: 'refuse', reason, ...(rule === undefined ? {} : { rule }) }
}
