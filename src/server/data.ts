import { join } from 'node:path'
import { Register } from '../accounts/register.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { lockFolder } from '../database/lock.ts'
import { keepOut } from '../stores/disk/kept-out.ts'
import { makeFolder } from './make-folder.ts'

/** The file in a data folder that holds accounts, bans and counters. */
export const databaseName = 'ferry.db'

/** What a server has in its data folder while it runs. */
export interface Data {
  readonly folder: string
  readonly database: Database
  readonly register: Register
  close(): void
}

/** Opens the data folder for a server: it alone may run on it. */
export async function openData(folder: string): Promise<Data> {
  await makeFolder(folder, 0o700)
  const lock = lockFolder(join(folder, 'server.lock'))
  try {
    const data = await openRegister(folder)
    return {
      ...data,
      close() {
        data.close()
        lock.release()
      },
    }
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

/**
 * Opens the data folder beside a server that may run on it: SQLite lets both write, one after the other. No store that is
 * opened later enters it.
 */
export async function openRegister(folder: string): Promise<Data> {
  await makeFolder(folder, 0o700)
  keepOut(folder)
  const database = openDatabase(join(folder, databaseName))
  return { folder, database, register: new Register(database), close: () => database.close() }
}
