import type { Entry, OpenFile } from '../core/store.ts'
import { hasGrown, isTorn, tornError } from '../core/torn.ts'
import { isRemote, type End } from './end.ts'

/** What a file of this machine is as it is opened; undefined of others, whose stores look themselves where they can. */
export function stateOf({ store }: End, reader: OpenFile): Promise<Entry> | undefined {
  return isRemote(store) ? undefined : reader.stat()
}

/** Throws where a file was written over while it was read, and tells whether it grew. */
export async function refuseTorn(
  before: Entry | undefined,
  reader: OpenFile,
  arrived: number,
): Promise<boolean> {
  if (before === undefined) return false
  const after = await reader.stat()
  if (isTorn(before, after)) throw tornError(after, arrived)
  return hasGrown(before, after)
}
