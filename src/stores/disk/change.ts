import { FileError } from '../../core/error.ts'
import type { Change } from '../../core/store.ts'
import { isPosition } from '../opening.ts'
import { close, fstat, ftruncate } from './calls.ts'
import type { Held } from './confinement.ts'
import type { Owners } from './owners.ts'

/** Changes what is held: the size first and the time last, because a new size sets the time. */
export async function changeHeld(held: Held, to: Change, owners: Owners): Promise<void> {
  const wanted = checked(to, held, owners)
  if (to.size !== undefined) await resize(held, to.size)
  const chowns = wanted.user !== undefined || wanted.group !== undefined
  if (chowns) {
    await held.chown(wanted.user ?? held.stats.uid, wanted.group ?? held.stats.gid)
  }
  // A mode that it has already need not be set, file by file; a new owner may have taken bits away.
  const hasMode = !chowns && (held.stats.mode & 0o7777) === to.mode
  if (to.mode !== undefined && !hasMode) await held.chmod(to.mode)
  if (to.modified !== undefined) await held.utimes(held.stats.atime, to.modified)
}

/** Refuses what cannot be done before anything is. */
function checked(
  to: Change,
  held: Held,
  owners: Owners,
): { user: number | undefined; group: number | undefined } {
  if (to.created !== undefined)
    throw new FileError('unsupported', 'the disk sets the time of creation by itself')
  if (to.modified !== undefined && Number.isNaN(to.modified.getTime()))
    throw new FileError('invalid', 'not a time')
  if (to.mode !== undefined && (to.mode & ~0o7777) !== 0) throw new FileError('invalid', 'not a mode')
  if (to.size !== undefined) checkSize(held, to.size)
  const user = to.owner === undefined ? undefined : owners.userId(to.owner)
  const group = to.group === undefined ? undefined : owners.groupId(to.group)
  if (to.owner !== undefined && user === undefined) throw new FileError('invalid', 'no such user')
  if (to.group !== undefined && group === undefined) throw new FileError('invalid', 'no such group')
  return { user, group }
}

function checkSize({ stats }: Held, size: number): void {
  if (stats.isDirectory()) throw new FileError('is-directory', 'a directory')
  if (!stats.isFile()) throw new FileError('denied', 'not a regular file')
  if (!isPosition(size)) throw new FileError('invalid', 'not a size')
}

async function resize(held: Held, size: number): Promise<void> {
  const fd = await held.openToWrite()
  try {
    // On the portable confinement another file may stand there by now.
    if ((await fstat(fd)).ino === held.stats.ino) await ftruncate(fd, size)
  } finally {
    await close(fd)
  }
}
