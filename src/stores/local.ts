import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath, type Path } from '../core/path.ts'
import { diskStore, type DiskStore, type DiskStoreOptions } from './disk.ts'
import { codeOf } from './disk/faults.ts'

/** A path of this machine, as a place in a store that reaches no further than it must. */
export interface LocalPlace {
  readonly store: DiskStore
  readonly path: Path
}

/**
 * Opens the deepest directory on the way to a path that is there; what is missing is the path inside. A directory is the
 * root itself: whatever names a server sends, nothing outside of it can be reached.
 */
export async function localPlace(
  path: string,
  options: Pick<DiskStoreOptions, 'largeReads'> = {},
): Promise<LocalPlace> {
  if (path.includes('\0')) throw new FileError('invalid', 'a path cannot hold NUL')
  const missing: string[] = []
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await realPlace(at)
    if (found !== undefined) {
      const names = [...(found.name === undefined ? [] : [found.name]), ...missing.toReversed()]
      const store = await diskStore(found.directory, options)
      return { store, path: names.length === 0 ? rootPath : parsePath(`/${names.join('/')}`) }
    }
    if (dirname(at) === at) throw new FileError('not-found', `there is no ${path}`)
    missing.push(basename(at))
  }
}

async function realPlace(at: string): Promise<{ directory: string; name?: string } | undefined> {
  try {
    const real = await realpath(at)
    return (await lstat(real)).isDirectory()
      ? { directory: real }
      : { directory: dirname(real), name: basename(real) }
  } catch (thrown) {
    const code = codeOf(thrown)
    if (code === 'ENOENT') return undefined
    if (code === 'EACCES') throw new FileError('denied', `you may not look at ${at}`)
    if (code === 'ENOTDIR') throw new FileError('not-directory', `${dirname(at)} is not a directory`)
    throw new FileError('failed', `${join(at)} cannot be opened: ${String(code ?? thrown)}`)
  }
}
