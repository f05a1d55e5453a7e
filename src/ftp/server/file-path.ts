import { FileError } from '../../core/error.ts'
import { meansDirectory, type Path } from '../../core/path.ts'
import type { LoggedIn } from './logged-in.ts'

/** The path of a file that is to be there: of whom the directory is missing, `STOR incoming/` would make a file of its name. */
export function filePath(login: LoggedIn, argument: string): Path {
  if (meansDirectory(argument))
    throw new FileError('is-directory', 'a name that ends in a slash is that of a directory')
  return login.path(argument)
}
