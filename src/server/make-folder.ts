import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder, and those on the way to it, where they are missing. Node's own way (`recursive`) tries without end where the system
 * says ENOENT though all on the way is there, as in /proc.
 */
export async function makeFolder(path: string, mode: number = 0o777): Promise<void> {
  if (await isFolder(path)) return
  const parent = dirname(resolve(path))
  if (parent !== path) await makeFolder(parent, mode)
  try {
    await mkdir(path, { mode })
  } catch (thrown) {
    // Somebody else may have made it meanwhile.
    if (!(await isFolder(path))) throw thrown
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
