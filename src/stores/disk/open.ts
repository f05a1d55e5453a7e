import { constants, type Stats } from 'node:fs'
import { FileError } from '../../core/error.ts'
import { nameOf, type Path } from '../../core/path.ts'
import type { Opening } from '../../core/store.ts'
import { endsBefore } from '../opening.ts'
import { ftruncate } from './calls.ts'
import type { Confinement } from './confinement.ts'
import { codeOf } from './faults.ts'
import { DiskFile } from './file.ts'
import type { Owners } from './owners.ts'

/**
 * Opens a regular file: anything else is closed again untouched, for a read from a device or a pipe may never end.
 * `append` needs nothing here, least of all `O_APPEND`, which makes Linux ignore the position of a write.
 */
export async function openFile(
  confinement: Confinement,
  path: Path,
  how: Opening,
  owners: Owners,
): Promise<DiskFile> {
  const from = how.from ?? 0
  const { calls } = confinement
  const fd = await openAt(confinement, path, how, from)
  try {
    const { size } = regular(await calls.fstat(fd))
    if (size < from) throw endsBefore()
    if (how.truncate && size > from) await ftruncate(fd, from)
    return new DiskFile(nameOf(path), fd, size, owners, calls, how.apart)
  } catch (thrown) {
    await calls.close(fd)
    throw thrown
  }
}

/** A file that does not exist ends before every `from`, so none is made that would only be refused. */
async function openAt(confinement: Confinement, path: Path, how: Opening, from: number): Promise<number> {
  const creates = how.create !== undefined && from === 0
  try {
    return await confinement.open(path, flagsOf(how, creates))
  } catch (thrown) {
    if (how.create === undefined || creates || codeOf(thrown) !== 'ENOENT') throw thrown
    throw endsBefore()
  }
}

function flagsOf(how: Opening, creates: boolean): number {
  let flags: number = how.write ? constants.O_WRONLY : constants.O_RDONLY
  if (how.read && how.write) flags = constants.O_RDWR
  if (creates) flags |= constants.O_CREAT
  if (how.create === 'require') flags |= constants.O_EXCL
  return flags
}

function regular(stats: Stats): Stats {
  if (stats.isDirectory()) throw new FileError('is-directory', 'a directory')
  if (!stats.isFile()) throw new FileError('denied', 'not a regular file')
  return stats
}
