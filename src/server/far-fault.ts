import { asError, FileError, type Fault } from '../core/error.ts'

/**
 * What went wrong on another server, for whoever is served here. Its own words name paths and hosts that are not for
 * everybody, so they stay behind as the cause.
 */
export function plainFault(thrown: unknown): FileError {
  if (thrown instanceof FileError) return new FileError(thrown.fault, words[thrown.fault], { cause: thrown })
  return new FileError('failed', 'the server that holds this folder cannot be reached', {
    cause: asError(thrown),
  })
}

const words: Readonly<Record<Fault, string>> = {
  'not-found': 'no such file or directory',
  exists: 'the name is taken',
  denied: 'the server that holds this folder forbids it',
  quota: 'more may not be kept on the server that holds this folder',
  full: 'the server that holds this folder is full',
  busy: 'the server that holds this folder is busy, try again later',
  'is-directory': 'a directory',
  'not-directory': 'not a directory',
  'not-empty': 'the directory is not empty',
  invalid: 'the server that holds this folder does not take that',
  unsupported: 'the server that holds this folder cannot do that',
  aborted: 'it was stopped',
  failed: 'the server that holds this folder could not do it',
}
