import { wantsAnew, type IncompleteError } from '../core/error.ts'
import type { Copied, CopyHow } from './copy-file.ts'
import { under, type End } from './end.ts'
import { OwnPart } from './own-part.ts'
import { retrying, type Patience } from './retrying.ts'

/**
 * Copies a file, again after trouble that may pass, and then goes on behind what its own attempts have brought; where the file is
 * another one by then, it is looked at again and copied from its beginning.
 */
export function copyPersistently(
  from: End,
  how: CopyHow,
  patience: Omit<Patience, 'signal'>,
  copy: (how: CopyHow) => Promise<Copied>,
): Promise<Copied> {
  const source = under(from, how.signal)
  let { entry, resume } = how
  let own = new OwnPart()
  let attempts = 0
  let moved = 0
  let changed: IncompleteError | undefined
  const count = (bytes: number): void => {
    moved += bytes
    how.moved?.(bytes)
  }
  return retrying({ ...patience, signal: how.signal }, async () => {
    // What is there already is told anew by each attempt.
    if (moved > 0) count(-moved)
    attempts += 1
    if (attempts > 1 && resume !== 'file') resume = 'part'
    if (changed !== undefined) {
      how.begunAnew?.(changed)
      entry = await source.store.stat(source.path)
      own = new OwnPart()
      resume = 'no'
      changed = undefined
    }
    try {
      return await copy({ ...how, entry, resume, own, moved: count })
    } catch (thrown) {
      if (wantsAnew(thrown)) changed = thrown
      throw thrown
    }
  })
}
