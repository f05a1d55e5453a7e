import { IncompleteError } from '../core/error.ts'
import type { Entry, OpenFile } from '../core/store.ts'
import { isTorn } from '../core/torn.ts'
import { isRemote, type End } from './end.ts'

/** What a file of this machine is as it is opened; undefined of others, whose times are not exact enough to tell. */
export function stateOf({ store }: End, reader: OpenFile): Promise<Entry> | undefined {
  return isRemote(store) ? undefined : reader.stat()
}

/** Throws where a file was written over while it was read. */
export async function refuseTorn(
  before: Entry | undefined,
  reader: OpenFile,
  arrived: number,
): Promise<void> {
  if (before === undefined) return
  const after = await reader.stat()
  if (!isTorn(before, after)) return
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
