import { entryIfTold } from '../../core/entry-if-told.ts'
import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { LoggedIn } from './logged-in.ts'

/**
 * What `SITE UMASK` leaves of `mode` for what is to be made there; undefined: without a mask it is the store's own, and what is
 * there already keeps the one it has.
 */
export async function maskedMode(login: LoggedIn, path: Path, mode: number): Promise<number | undefined> {
  const { umask, files } = login
  if (umask === undefined || !files.features.has('modes')) return undefined
  return (await entryIfTold(files, path)) === undefined ? mode & ~umask : undefined
}

/** Gives it to what was just made. That is made in any case, so a mode that could not be set is words in the reply: these. */
export async function setNewMode(login: LoggedIn, path: Path, mode: number | undefined): Promise<string> {
  if (mode === undefined) return ''
  try {
    await login.files.change(path, { mode })
    return ''
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
    return ` Its permissions are not those of SITE UMASK: ${thrown.message}.`
  }
}
