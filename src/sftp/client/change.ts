import { FileError } from '../../core/error.ts'
import { nameOf, type Path } from '../../core/path.ts'
import type { Change } from '../../core/store.ts'
import type { Attributes } from '../wire/attributes.ts'
import { takeAttributes, takeOk } from './answers.ts'
import { entryOf } from './entry-of.ts'
import type { NamesOfOwners } from './names-of-owners.ts'
import type { SftpServer } from './server.ts'

/** Changes what can be changed of a file with SETSTAT, in one request. */
export async function changeFile(
  server: SftpServer,
  names: NamesOfOwners,
  path: Path,
  to: Change,
  signal?: AbortSignal,
): Promise<void> {
  if (to.created !== undefined) throw new FileError('unsupported', 'SFTP does not know when a file was made')
  if (to.mode !== undefined && (to.mode & 0o7777) !== to.mode) throw new FileError('invalid', 'not a mode')
  if (to.size !== undefined) await mustBeFile(server, path, to.size)
  const attributes: Attributes = {
    ...(to.size === undefined ? {} : { size: to.size }),
    ...(to.owner === undefined && to.group === undefined
      ? {}
      : { owner: await ownerOf(server, names, path, to) }),
    ...modeAndTimes(to),
  }
  await server.ask('setstat', { path, attributes }, takeOk(path), signal)
}

/** A mode and a time as SFTP has them. */
export function modeAndTimes({ mode, modified }: Pick<Change, 'mode' | 'modified'>): Attributes {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(modified === undefined ? {} : { times: timesOf(modified) }),
  }
}

async function mustBeFile(server: SftpServer, path: Path, size: number): Promise<void> {
  if (!Number.isSafeInteger(size) || size < 0) throw new FileError('invalid', 'not a size')
  const { kind } = entryOf(nameOf(path), await server.ask('stat', { path }, takeAttributes(path)))
  if (kind === 'directory') throw new FileError('is-directory', 'a directory has no size to change')
}

/** Both go over the wire together: who changes one sends the other as it is. */
async function ownerOf(
  server: SftpServer,
  names: NamesOfOwners,
  path: Path,
  to: Change,
): Promise<{ user: number; group: number }> {
  const { owner } = await server.ask('stat', { path }, takeAttributes(path))
  const user = to.owner === undefined ? owner?.user : names.userId(to.owner)
  const group = to.group === undefined ? owner?.group : names.groupId(to.group)
  if (user === undefined || group === undefined) {
    throw new FileError('invalid', 'the server has no number for this owner')
  }
  return { user, group }
}

function timesOf(modified: Date): { accessed: number; modified: number } {
  const seconds = Math.floor(modified.getTime() / 1000)
  if (!(seconds >= 0 && seconds <= 0xffff_ffff)) {
    throw new FileError('invalid', 'SFTP tells times from 1970 to 2106')
  }
  return { accessed: seconds, modified: seconds }
}
