import { FileError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'

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
      if (error) reject(new FileError('aborted', 'nobody reads any more', { cause: error }))
      else resolve()
    })
  })
}

async function onlyWritten(): Promise<never> {
  throw new FileError('unsupported', 'what goes to stdout can only be written')
}
