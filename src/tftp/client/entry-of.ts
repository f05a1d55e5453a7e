import type { Entry } from '../../core/store.ts'
import { FileError } from '../../core/error.ts'

/** All that TFTP tells of a file. Its time is not known, and given as 1970. */
export function entryOf(path: string, size: number | undefined): Entry {
  if (size === undefined)
    throw new FileError('unsupported', 'the server does not tell how large the file is', {
      facts: { path, retryable: false, connectionUsable: true },
    })
  return { name: path.slice(path.lastIndexOf('/') + 1), kind: 'file', size, modified: new Date(0) }
}
