import { FileError } from '../../core/error.ts'
import { link, lstat, rename, unlink, type HostPath } from './calls.ts'
import { codeOf } from './faults.ts'

/**
 * Renames unless the new name is taken. Node has no `renameat2`, so a file gets its new name first, which fails when
 * that is taken, and loses the old one then; a file put under the old name in that very moment would go with it.
 * Directories and disks without hard links leave a moment between the look and the rename: for a directory nothing
 * can be lost in it, because the system itself replaces no file and no directory that holds anything.
 */
export async function renameToFree(from: HostPath, to: HostPath): Promise<void> {
  if ((await lstat(from)).isDirectory() || !(await linkTo(from, to))) {
    await checkFree(to)
    await rename(from, to)
  } else {
    await unlink(from)
  }
}

/** False where the disk, or a rule of the system (`fs.protected_hardlinks`), does not allow a second name. */
async function linkTo(from: HostPath, to: HostPath): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (withoutLinks.has(codeOf(thrown) ?? '')) return false
    throw thrown
  }
}

const withoutLinks = new Set(['EPERM', 'EACCES', 'EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV'])

async function checkFree(to: HostPath): Promise<void> {
  try {
    await lstat(to)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return
    throw thrown
  }
  throw new FileError('exists', 'the name is taken')
}
