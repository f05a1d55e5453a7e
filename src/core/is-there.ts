import { FileError } from './error.ts'
import type { Path } from './path.ts'
import type { Store } from './store.ts'

/** Whether a name leads to something; without `follow` a link to nothing is something too. */
export async function isThere(store: Store, path: Path, follow = true): Promise<boolean> {
  try {
    await store.stat(path, follow)
    return true
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.fault === 'not-found') return false
    throw thrown
  }
}
