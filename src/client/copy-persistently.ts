import type { Copied, CopyHow } from './copy-file.ts'
import { OwnPart } from './own-part.ts'
import { retrying, type Patience } from './retrying.ts'

/** Copies a file, again after trouble that may pass, and then goes on behind what its own attempts have brought. */
export function copyPersistently(
  how: CopyHow,
  patience: Omit<Patience, 'signal'>,
  copy: (how: CopyHow) => Promise<Copied>,
): Promise<Copied> {
  const own = new OwnPart()
  let attempts = 0
  let moved = 0
  const count = (bytes: number): void => {
    moved += bytes
    how.moved?.(bytes)
  }
  return retrying({ ...patience, signal: how.signal }, () => {
    // What is there already is told anew by each attempt.
    if (moved > 0) count(-moved)
    attempts += 1
    const resume = attempts === 1 || how.resume === 'file' ? how.resume : 'part'
    return copy({ ...how, resume, own, moved: count })
  })
}
