import type { Entry, OpenFile } from '../../core/store.ts'
import { hasGrown, isTorn } from '../../core/torn.ts'
import type { Sent } from './send-file.ts'

/**
 * Whether what was read of a file is neither what it was before nor what it is now, as somebody wrote to it meanwhile. Who only
 * appends, as logs are, changes nothing of what was read.
 */
export async function isMixture({ edges }: Sent, before: Entry, file: OpenFile): Promise<boolean> {
  if (edges === undefined) return false
  const after = await file.stat()
  return isTorn(before, after) || (hasGrown(before, after) && !(await edges.areIn(file)))
}
