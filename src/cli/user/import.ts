import { readFile } from 'node:fs/promises'
import type { Imported } from '../../accounts/import/imported.ts'
import { readPasswd } from '../../accounts/import/passwd.ts'
import { readPurePw } from '../../accounts/import/pure-pw.ts'
import { readSftpgo } from '../../accounts/import/sftpgo.ts'
import { readVsftpd } from '../../accounts/import/vsftpd.ts'
import { isKnownHash, passwords } from '../../accounts/passwords.ts'
import { SettingsError } from '../../accounts/register.ts'
import type { Data } from '../../server/data.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { UsageError } from '../usage-error.ts'
import type { UserWords } from './accounts.ts'
import type { KeptKey } from '../../accounts/register.ts'
import { keysIn } from './keys.ts'

const formats: Readonly<Record<string, (text: string) => readonly Imported[]>> = {
  htpasswd: readPasswd,
  ftpasswd: readPasswd,
  'pure-pw': readPurePw,
  sftpgo: readSftpgo,
  vsftpd: readVsftpd,
}

/** `ferry user import FORMAT FILE`: takes over whom another server knows, and leaves alone who is here already. */
export async function importUsers(data: Data, { rest }: UserWords): Promise<void> {
  const [format = '', file = ''] = rest
  const read = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (read === undefined || file === '')
    throw new UsageError(`say ferry user import ${Object.keys(formats).join('|')} FILE.`)
  let users: readonly Imported[]
  try {
    users = read(await readFile(file, 'utf8'))
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${asFileError(thrown).message}.`)
  }
  const hashing = passwords()
  for (const user of users) {
    const clear = user.clear === undefined ? undefined : await hashing.hash(user.clear)
    process.stdout.write(`${take(data, user, clear)}\n`)
  }
}

function take({ register, database }: Data, user: Imported, clear: string | undefined): string {
  const notes = [...user.notes]
  const known = user.hash !== undefined && isKnownHash(user.hash)
  if (user.hash !== undefined && !known)
    notes.push('its password hash is of a kind that is not known: set a new one')
  if (user.name === '') return 'skipped a line without a name'
  const keys = user.keys.flatMap((line) => keysOrNone(line, notes))
  try {
    return database.atomically(() => {
      if (!register.add(user.name, known ? user.hash : clear, user.said))
        return `${user.name}: is here already`
      for (const key of keys) register.addKey(user.name, key)
      return [`${user.name}: taken over`, ...notes].join('; ')
    })
  } catch (thrown) {
    if (thrown instanceof SettingsError) return `skipped ${thrown.message}`
    throw thrown
  }
}

/** A key with a restriction that is not kept here is left out, and said to be. */
function keysOrNone(line: string, notes: string[]): KeptKey[] {
  try {
    return keysIn(line)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    notes.push(`a key is left out: ${thrown.message}`)
    return []
  }
}
