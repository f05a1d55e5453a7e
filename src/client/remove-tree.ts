import { joinPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { listAll } from './walk.ts'

/** Removes a directory and all that is in it. Links are removed, never followed. */
export async function removeTree(
  store: Store,
  path: Path,
  removed: (path: Path) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  for (const entry of await listAll(store, path)) {
    signal?.throwIfAborted()
    const inside = joinPath(path, entry.name)
    if (entry.kind === 'directory') await removeTree(store, inside, removed, signal)
    else {
      await store.remove(inside)
      removed(inside)
    }
  }
  await store.rmdir(path)
  removed(path)
}
