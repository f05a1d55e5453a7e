import { FileError } from '../core/error.ts'
import { parentOf, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { isRemote } from './end.ts'

/** Makes a directory, and those above it where they are missing. */
export async function makeDirectory(store: Store, path: Path): Promise<void> {
  if (path === rootPath) return
  try {
    await store.mkdir(path)
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
    // What a server answers for a name that is taken, or whose parent is missing, differs too much to go by it.
    if (await isDirectory(store, path)) return
    if (thrown.fault === 'exists' || (await isDirectory(store, parentOf(path)))) throw thrown
    await makeDirectory(store, parentOf(path))
    await store.mkdir(path)
  }
}

/** Whether a directory is there, perhaps behind a link. */
export async function isDirectory(store: Store, path: Path): Promise<boolean> {
  if (isRemote(store) && store.isDirectory !== undefined) return store.isDirectory(path)
  try {
    return (await store.stat(path)).kind === 'directory'
  } catch (thrown) {
    if (thrown instanceof FileError) return false
    throw thrown
  }
}
