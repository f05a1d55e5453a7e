import { DatabaseSync } from 'node:sqlite'
import { asError } from '../core/error.ts'
import { DatabaseError } from './database.ts'
import { makeFile } from './make-file.ts'

/** A lock that ends with its process, however that ends. */
export interface FolderLock {
  release(): void
}

/** Takes the lock of a data folder; `locked` where another server has it. It is the kernel's lock on a file. */
export function lockFolder(file: string): FolderLock {
  makeFile(file)
  const sqlite = new DatabaseSync(file, { timeout: 0 })
  try {
    sqlite.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (thrown) {
    sqlite.close()
    if (isTaken(thrown)) throw new DatabaseError('locked', 'another server runs on this data folder', thrown)
    throw new DatabaseError('unreachable', `${file} cannot be locked: ${asError(thrown).message}`, thrown)
  }
  return { release: () => sqlite.close() }
}

/** SQLITE_BUSY (https://sqlite.org/rescode.html#busy). */
function isTaken(thrown: unknown): boolean {
  return Error.isError(thrown) && 'errcode' in thrown && (Number(thrown.errcode) & 0xff) === 5
}
