import { execFileSync } from 'node:child_process'
import { chownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../usage-error.ts'

/** Who a process is to be. */
interface Identity {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** Finds a user of the machine, before anything is opened that must be given up again. */
export function identityOf(name: string): Identity {
  if (process.getuid?.() !== 0) throw new UsageError('--run-as needs root to begin with.')
  if (!/^[\w.][\w.-]*\$?$/u.test(name)) throw new UsageError(`"${name}" is no name of a user.`)
  const ask = (option: string): string =>
    execFileSync('id', [option, name], { encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const groups = ask('-G').split(' ').map(Number)
    const identity = { uid: Number(ask('-u')), gid: Number(ask('-g')), groups }
    if (identity.uid > 0) return identity
  } catch {
    throw new UsageError(`there is no user ${name} on this machine. Make one first: useradd --system ${name}`)
  }
  throw new UsageError('--run-as root changes nothing, leave it out.')
}

/** Becomes that user for good, once the ports below 1024 are open; the data folder goes along. */
export function become({ uid, gid, groups }: Identity, data: string | undefined): void {
  if (data !== undefined) giveFolder(data, uid, gid)
  process.setgroups?.([...groups])
  process.setgid?.(gid)
  process.setuid?.(uid)
  try {
    process.setuid?.(0)
  } catch {
    return // So it should be: there is no way back.
  }
  throw new Error('the rights of root could not be given up')
}

/** A data folder is flat; links in it are left alone, as they could lead anywhere. */
function giveFolder(folder: string, uid: number, gid: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!lstatSync(path).isSymbolicLink()) chownSync(path, uid, gid)
  }
  chownSync(folder, uid, gid)
}
