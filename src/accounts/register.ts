import type { Problem } from '../config/shape.ts'
import { quotaKeys } from '../core/quota-keys.ts'
import type { Database, Row } from '../database/database.ts'
import { accountSettings, withGroups, type AccountSettings } from './settings.ts'

/** What is written down of an account. `said` is as it was written, `settings` what it means with its groups. */
export interface AccountRecord {
  readonly name: string
  readonly password: string | undefined
  readonly totp: string | undefined
  readonly said: Readonly<Record<string, unknown>>
  readonly settings: AccountSettings
}

/** A key or a certificate of an account. */
export interface KeptKey {
  readonly kind: 'key' | 'certificate'
  readonly name: string
  readonly remark: string
}

/** What a row could not be read as; the account is not let in until it is mended. */
export class SettingsError extends Error {
  constructor(name: string, problems: readonly Problem[]) {
    super(`${name}: ${problems.map(({ path, text }) => `${path.join('.')} ${text}`).join('; ')}`)
    this.name = 'SettingsError'
  }
}

/** The accounts, groups and keys in the database. Every write is a commit of its own. */
export class Register {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(name: string): AccountRecord | undefined {
    const row = this.#database.one('SELECT * FROM accounts WHERE name = ?', name)
    return row === undefined ? undefined : this.#recordOf(row)
  }

  /** What was written down of an account, also where it means nothing any more. */
  written(name: string): Readonly<Record<string, unknown>> | undefined {
    const row = this.#database.one('SELECT settings FROM accounts WHERE name = ?', name)
    return row === undefined ? undefined : saidOf(row)
  }

  /** The names of all accounts, in their order, a page at a time. */
  *names(): Generator<string> {
    let after = ''
    for (;;) {
      const rows = this.#database.all(
        'SELECT name FROM accounts WHERE name > ? ORDER BY name LIMIT 500',
        after,
      )
      for (const row of rows) yield String(row['name'])
      if (rows.length < 500) return
      after = String(rows.at(-1)?.['name'])
    }
  }

  /** False: there is one of that name. */
  add(name: string, password: string | undefined, said: Readonly<Record<string, unknown>>): boolean {
    this.#mustMean(name, said)
    const sql =
      'INSERT INTO accounts (name, password, settings) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING'
    return this.#database.run(sql, name, password ?? null, JSON.stringify(said)) === 1
  }

  /** False: there is none of that name. */
  setSettings(name: string, said: Readonly<Record<string, unknown>>): boolean {
    this.#mustMean(name, said)
    return this.#database.atomically(() => {
      const before = this.written(name)
      if (before === undefined) return false
      if (whatIsCounted(before) !== whatIsCounted(said)) this.#countAnew(name)
      return (
        this.#database.run('UPDATE accounts SET settings = ? WHERE name = ?', JSON.stringify(said), name) ===
        1
      )
    })
  }

  setPassword(name: string, hash: string | undefined): boolean {
    return this.#database.run('UPDATE accounts SET password = ? WHERE name = ?', hash ?? null, name) === 1
  }

  /** Puts a better hash in the place of an old one, unless somebody changed the password meanwhile. */
  renewHash(name: string, old: string, hash: string): void {
    this.#database.run('UPDATE accounts SET password = ? WHERE name = ? AND password = ?', hash, name, old)
  }

  setTotp(name: string, secret: string | undefined): boolean {
    const sql = 'UPDATE accounts SET totp = ?, totp_step = -1 WHERE name = ?'
    return this.#database.run(sql, secret ?? null, name) === 1
  }

  /** Uses up a step of one-time codes: false where it, or a later one, was used. */
  takeStep(name: string, step: number): boolean {
    const sql = 'UPDATE accounts SET totp_step = ? WHERE name = ? AND totp_step < ?'
    return this.#database.run(sql, step, name, step) === 1
  }

  remove(name: string): boolean {
    return this.#database.atomically(() => {
      const { bytes, files, dirty } = quotaKeys(name)
      this.#database.run('DELETE FROM counters WHERE key IN (?, ?, ?)', bytes, files, dirty)
      return this.#database.run('DELETE FROM accounts WHERE name = ?', name) === 1
    })
  }

  keysOf(name: string): readonly KeptKey[] {
    const rows = this.#database.all(
      'SELECT kind, name, remark FROM keys WHERE account = ? ORDER BY kind, name',
      name,
    )
    return rows.map((row) => ({
      kind: row['kind'] === 'certificate' ? 'certificate' : 'key',
      name: String(row['name']),
      remark: String(row['remark']),
    }))
  }

  /** False: the account has it already. */
  addKey(account: string, { kind, name, remark }: KeptKey): boolean {
    const sql = 'INSERT INTO keys (account, kind, name, remark) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
    return this.#database.run(sql, account, kind, name, remark) === 1
  }

  removeKey(account: string, name: string): boolean {
    return this.#database.run('DELETE FROM keys WHERE account = ? AND name = ?', account, name) > 0
  }

  group(name: string): AccountSettings | undefined {
    const row = this.#database.one('SELECT settings FROM account_groups WHERE name = ?', name)
    return row === undefined ? undefined : meaningOf(`group ${name}`, saidOf(row))
  }

  /** Every group, as it was written. */
  groups(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
    const rows = this.#database.all('SELECT * FROM account_groups ORDER BY name')
    return new Map(rows.map((row) => [String(row['name']), saidOf(row)]))
  }

  setGroup(name: string, said: Readonly<Record<string, unknown>>): void {
    meaningOf(`group ${name}`, said)
    this.#database.atomically(() => {
      if (whatIsCounted(this.groups().get(name) ?? {}) !== whatIsCounted(said))
        this.#database.run('DELETE FROM counters WHERE key LIKE ?', quotaKeys('%').dirty)
      this.#database.run(
        'INSERT INTO account_groups (name, settings) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET settings = excluded.settings',
        name,
        JSON.stringify(said),
      )
    })
  }

  removeGroup(name: string): boolean {
    return this.#database.run('DELETE FROM account_groups WHERE name = ?', name) === 1
  }

  /** What lies in a home is counted before the next change to it: what the ledger says is of another home, or of another time. */
  #countAnew(account: string): void {
    this.#database.run('DELETE FROM counters WHERE key = ?', quotaKeys(account).dirty)
  }

  /** What settings mean that hold for an account; an account of a group that is not there would be let in by nobody's rules. */
  #mustMean(name: string, said: unknown): AccountSettings {
    const own = meaningOf(name, said)
    for (const group of own.groups ?? [])
      if (this.group(group) === undefined)
        throw new SettingsError(name, [{ path: ['groups'], text: `there is no group ${group}` }])
    return own
  }

  #recordOf(row: Row): AccountRecord {
    const name = String(row['name'])
    const said = saidOf(row)
    const own = this.#mustMean(name, said)
    return {
      name,
      password: typeof row['password'] === 'string' ? row['password'] : undefined,
      totp: typeof row['totp'] === 'string' ? row['totp'] : undefined,
      said,
      settings: withGroups(own, (group) => this.group(group)),
    }
  }
}

function saidOf(row: Row): Readonly<Record<string, unknown>> {
  const said: unknown = JSON.parse(String(row['settings']))
  return typeof said === 'object' && said !== null ? { ...said } : {}
}

/** What decides where that lies which a quota counts, and whether it is counted. */
function whatIsCounted({ home, mounts, quota, groups }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([home, mounts, quota === undefined, groups])
}

function meaningOf(name: string, said: unknown): AccountSettings {
  const problems: Problem[] = []
  const settings = accountSettings.read(said, [], problems)
  if (settings === undefined || problems.length > 0) throw new SettingsError(name, problems)
  return settings
}
