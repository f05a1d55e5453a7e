import type { End } from '../../client/end.ts'
import { isDirectory } from '../../client/make-directory.ts'
import { walk } from '../../client/walk.ts'

/** Sets a mode, and that of all below where it is asked for. Links stay as they are: what they lead to lies elsewhere. */
export async function changeMode(
  { store, path }: End,
  mode: number,
  recursive: boolean,
  signal?: AbortSignal,
): Promise<void> {
  await store.change(path, { mode })
  if (!recursive || !(await isDirectory(store, path))) return
  for await (const found of walk(store, path, { signal })) {
    if (found.entry.kind !== 'link') await store.change(found.path, { mode })
  }
}
