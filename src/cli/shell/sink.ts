import type { OpenFile } from '../../core/store.ts'
import { onlyWritten } from '../fetching/standard-output.ts'

/** A file that is only written, in order, and hands on what it gets. */
export function sinkFor(write: (bytes: Uint8Array) => Promise<void>): OpenFile {
  return {
    stat: onlyWritten,
    read: onlyWritten,
    async write(pieces) {
      for (const piece of pieces) await write(piece)
    },
    close: async () => undefined,
    abort: async () => undefined,
  }
}
