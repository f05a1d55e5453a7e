import { FileError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'
import { asFileError, codeOf } from '../../stores/disk/faults.ts'

/** What stdout is to a copy: a file that is only written, in order, and waits for a slow reader. */
export function standardOutput(): OpenFile {
  return {
    stat: onlyWritten,
    read: onlyWritten,
    async write(pieces) {
      // The pieces are used again as soon as this resolves.
      for (const piece of pieces) await written(piece)
    },
    close: async () => undefined,
    abort: async () => undefined,
  }
}

function written(piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(piece, (error) => {
      if (error) reject(outputError(error))
      else resolve()
    })
  })
}

/** Why stdout takes no more. */
export function outputError(error: Error): Error {
  return codeOf(error) === 'EPIPE'
    ? new FileError('aborted', 'nobody reads any more', { cause: error })
    : asFileError(error)
}

/** What cannot be done to something that is only written. */
export async function onlyWritten(): Promise<never> {
  throw new FileError('unsupported', 'what goes there can only be written')
}
