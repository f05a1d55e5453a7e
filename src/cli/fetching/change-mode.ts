import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { Entry, Store } from '../../core/store.ts'
import type { End } from '../../client/end.ts'
import { isDirectory } from '../../client/make-directory.ts'
import { walk } from '../../client/walk.ts'
import type { ModeChange } from './read-mode.ts'

/** Sets a mode, and that of all below where it is asked for. Links stay as they are: what they lead to lies elsewhere. */
export async function changeMode(
  { store, path }: End,
  to: ModeChange,
  recursive: boolean,
  signal?: AbortSignal,
): Promise<void> {
  await change(store, path, to)
  if (!recursive || !(await isDirectory(store, path))) return
  for await (const found of walk(store, path, { signal })) {
    if (found.entry.kind !== 'link') await change(store, found.path, to, found.entry)
  }
}

/** What it was is asked only where that matters. */
async function change(store: Store, path: Path, to: ModeChange, known?: Entry): Promise<void> {
  if (typeof to === 'number') return store.change(path, { mode: to })
  const told = known ?? (await store.stat(path))
  // Many servers of FTP tell modes in listings alone.
  const { mode, kind } = told.mode === undefined ? await store.stat(path, false) : told
  if (mode === undefined || kind === 'link')
    throw new FileError('unsupported', 'the other side does not tell what the mode is: say it in digits', {
      facts: { path },
    })
  await store.change(path, { mode: to(mode & 0o7777, kind === 'directory') })
}
