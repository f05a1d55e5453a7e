import type { Stats } from 'node:fs'
import { FileError } from '../../core/error.ts'
import type { HostPath } from './calls.ts'
import { codeOf } from './faults.ts'
import type { QuickCalls } from './quick-calls.ts'

/**
 * Renames unless the new name is taken. Node has no `renameat2`, so a file gets its new name first, which fails when
 * that is taken, and loses the old one then; a file put under the old name in that very moment would go with it.
 * Directories and disks without hard links leave a moment between the look and the rename: for a directory nothing
 * can be lost in it, because the system itself replaces no file and no directory that holds anything.
 */
export async function renameToFree(calls: QuickCalls, from: HostPath, to: HostPath): Promise<void> {
  if (canHaveTwoNames(await calls.lstat(from)) && (await linkTo(calls, from, to)))
    return dropOldName(calls, from, to)
  await checkFree(calls, to)
  await calls.rename(from, to)
}

/** Other systems than Linux would give the second name to what a link leads to. */
function canHaveTwoNames(stats: Stats): boolean {
  return !stats.isDirectory() && (!stats.isSymbolicLink() || process.platform === 'linux')
}

/** False where the disk, or a rule of the system (`fs.protected_hardlinks`), does not allow a second name. */
async function linkTo({ link }: QuickCalls, from: HostPath, to: HostPath): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (withoutLinks.has(codeOf(thrown) ?? '')) return false
    throw thrown
  }
}

const withoutLinks = new Set(['EPERM', 'EACCES', 'EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV'])

/** A file with both names would be written under the new one by who goes on with the old; one with neither would be lost. */
async function dropOldName({ lstat, unlink }: QuickCalls, from: HostPath, to: HostPath): Promise<void> {
  try {
    await unlink(from)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return
    await lstat(from)
    await unlink(to)
    throw thrown
  }
}

async function checkFree({ lstat }: QuickCalls, to: HostPath): Promise<void> {
  try {
    await lstat(to)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return
    throw thrown
  }
  throw new FileError('exists', 'the name is taken')
}
