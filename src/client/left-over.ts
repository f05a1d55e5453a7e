import { FileError } from '../core/error.ts'
import { joinPath, parentOf } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { isRemote, type End } from './end.ts'
import { isPartName, isPassingName, mostNames } from './part-path.ts'

const hourMs = 3_600_000

/**
 * Whether an entry is a part that a copy has left which was killed. One with something in it may be gone on with and has a week, as
 * parts on a Ferry server have; a small file's passing name is used for a moment; in an empty one there is nothing to go on with.
 */
export function isLeftOver({ kind, name, size, modified }: Entry, now: number): boolean {
  if (kind !== 'file' || !isPartName(name)) return false
  const hours = size === 0 ? 1 : isPassingName(name) ? 24 : 7 * 24
  return modified.getTime() < now - hours * hourMs
}

/** Removes what killed copies have left in the folder that a copy goes to. A courtesy: what cannot be removed is left. */
export async function sweepBeside({ store, path }: End, now: number): Promise<void> {
  if (isRemote(store)) return
  const folder = parentOf(path)
  const old: Entry[] = []
  let seen = 0
  try {
    for await (const batch of store.list(folder)) {
      seen += batch.length
      if (seen > mostNames) return
      old.push(...batch.filter((entry) => isLeftOver(entry, now)))
    }
    for (const { name } of old) await store.remove(joinPath(folder, name))
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
  }
}
