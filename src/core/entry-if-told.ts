import { FileError } from './error.ts'
import type { Path } from './path.ts'
import type { Entry, Store } from './store.ts'

/** What a name leads to; undefined where a store does not tell. What is wrong there is told to whoever opens it. */
export async function entryIfTold(store: Store, path: Path): Promise<Entry | undefined> {
  try {
    return await store.stat(path)
  } catch (thrown) {
    if (thrown instanceof FileError) return undefined
    throw thrown
  }
}
