import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { makeFile } from './make-file.ts'
import { steps } from './schema.ts'

/** A row of an answer, by the names of its columns. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** Why a database cannot be used: the message says what to do. */
export class DatabaseError extends Error {
  readonly trouble: 'newer' | 'damaged' | 'locked' | 'unreachable'

  constructor(trouble: DatabaseError['trouble'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DatabaseError'
    this.trouble = trouble
  }
}

/** What a server keeps in SQLite. A commit outlives the process, `kill -9` included. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): readonly Row[]
  one(sql: string, ...values: SQLInputValue[]): Row | undefined
  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number
  /** All of it or nothing. */
  atomically<Result>(work: () => Result): Result
  close(): void
}

/** How long a write waits for another program's; reading never waits. The loop stands still so long, so it is short. */
const lockMs = 1000

/** Opens the database, makes it when it is missing, and brings an older one up to date. */
export function openDatabase(path: string): Database {
  try {
    if (path !== ':memory:') makeFile(path)
    const sqlite = new DatabaseSync(path, { timeout: lockMs })
    try {
      sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
      bringUpToDate(sqlite, path)
    } catch (thrown) {
      sqlite.close()
      throw thrown
    }
    return new Sqlite(sqlite, path)
  } catch (thrown) {
    throw explained(thrown, path)
  }
}

function bringUpToDate(sqlite: DatabaseSync, path: string): void {
  const version = (): number => Number(sqlite.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (version() > steps.length) {
    throw new DatabaseError(
      'newer',
      `${path} was written by a newer ferry (its schema is ${version()}, this one knows ${steps.length}). Use that version, or another data folder.`,
    )
  }
  if (version() === steps.length) return
  sqlite.exec('BEGIN IMMEDIATE')
  try {
    // Another program may have done it while this one waited.
    for (const step of steps.slice(version())) sqlite.exec(step)
    sqlite.exec(`PRAGMA user_version = ${steps.length}`)
    sqlite.exec('COMMIT')
  } catch (thrown) {
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
    throw thrown
  }
}

class Sqlite implements Database {
  readonly #sqlite: DatabaseSync
  readonly #path: string
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0

  constructor(sqlite: DatabaseSync, path: string) {
    this.#sqlite = sqlite
    this.#path = path
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#doing(() => this.#statement(sql).all(...values))
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#doing(() => this.#statement(sql).get(...values))
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#doing(() => Number(this.#statement(sql).run(...values).changes))
  }

  atomically<Result>(work: () => Result): Result {
    if (this.#depth > 0) return work()
    this.run('BEGIN IMMEDIATE')
    this.#depth += 1
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (thrown) {
      // A full disk has ended it already, and is what must be told.
      if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK')
      throw thrown
    } finally {
      this.#depth -= 1
    }
  }

  close(): void {
    this.#statements.clear()
    this.#sqlite.close()
  }

  /** Every statement is a constant of the program, so there are few. */
  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #doing<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (thrown) {
      throw explained(thrown, this.#path)
    }
  }
}

/** SQLite's result codes (https://sqlite.org/rescode.html); the low byte is the kind. */
function explained(thrown: unknown, path: string): unknown {
  if (!Error.isError(thrown) || thrown instanceof DatabaseError) return thrown
  const code = 'errcode' in thrown ? Number(thrown.errcode) & 0xff : undefined
  switch (code) {
    case 5:
    case 6:
      return new DatabaseError('locked', `${path} is locked by another program. Try again.`, thrown)
    case 11:
    case 26:
      return new DatabaseError(
        'damaged',
        `${path} is damaged or no database of ferry. Move it away, and put a backup in its place.`,
        thrown,
      )
    case 8:
    case 10:
    case 13:
    case 14:
      return new DatabaseError('unreachable', `${path} cannot be used: ${thrown.message}.`, thrown)
    case undefined:
    default:
      if ('syscall' in thrown)
        return new DatabaseError('unreachable', `${path} cannot be opened: ${thrown.message}.`, thrown)
      return thrown
  }
}
