import { IncompleteError } from '../core/error.ts'
import type { Entry, OpenFile } from '../core/store.ts'
import { isRemote, type End } from './end.ts'

/** What a file of this machine is as it is opened; undefined of others, whose times are not exact enough to tell. */
export function stateOf({ store }: End, reader: OpenFile): Promise<Entry> | undefined {
  return isRemote(store) ? undefined : reader.stat()
}

/**
 * Throws where a file was written over while it was read: what came is neither its old state nor its new one. What has only
 * grown by then, as logs do, is taken for its old state.
 */
export async function refuseTorn(
  before: Entry | undefined,
  reader: OpenFile,
  arrived: number,
): Promise<void> {
  if (before === undefined || before.kind !== 'file') return
  const after = await reader.stat()
  if (after.modified.getTime() === before.modified.getTime() || after.size > before.size) return
  throw new IncompleteError(
    `${before.name} was written to while it was read, so what came is a mixture`,
    arrived,
    after.size,
    {
      // Whoever goes on behind what came would keep the mixture.
      facts: {
        phase: 'data',
        retryable: false,
        connectionUsable: true,
        hint: 'Begin again once nobody writes to it.',
      },
    },
  )
}
