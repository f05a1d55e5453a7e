import { asError, FileError } from '../../core/error.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { UsageError } from '../usage-error.ts'

/** Why a file that the server keeps for itself cannot be used, and what to do. `what` is in it. */
export function keptFileError(what: string, path: string, thrown: unknown): UsageError {
  const error = asFileError(asError(thrown))
  return new UsageError(
    error instanceof FileError
      ? `${what} ${path} cannot be read or made: ${error.message}.`
      : `${what} ${path} is damaged. Put it back from a backup, or remove it and a new one is made, which nobody knows yet.`,
  )
}
