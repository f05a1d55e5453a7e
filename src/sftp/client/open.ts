import { asError, FileError } from '../../core/error.ts'
import { nameOf, type Path } from '../../core/path.ts'
import type { RemoteFile } from '../../core/remote.ts'
import type { Entry, Opening } from '../../core/store.ts'
import { changedError } from '../../core/torn.ts'
import { openFlags } from '../wire/request.ts'
import { takeAttributes, takeHandle, takeOk } from './answers.ts'
import { diagnose, type Deed } from './diagnose.ts'
import { entryOf } from './entry-of.ts'
import { SftpFile } from './file.ts'
import { modeKinds, type Attributes } from '../wire/attributes.ts'
import type { SftpServer } from './server.ts'

/** Opens a file, for what `how` says. */
export async function openFile(
  server: SftpServer,
  path: Path,
  how: Opening,
  signal?: AbortSignal,
): Promise<RemoteFile> {
  const from = how.from ?? 0
  mustMakeSense(how, from)
  try {
    // A resumed upload must find what it goes on from: nothing may be made where there is nothing.
    if (from > 0) await mustReach(server, path, how, from)
    const handle = await server.ask(
      'open',
      { path, flags: flagsOf(how, from), attributes: {} },
      takeHandle(path),
      signal,
    )
    const file = new SftpFile(server, path, handle, how, signal)
    await prepare(server, path, handle, how, from).catch(async (thrown: unknown) => {
      await file.abort(asError(thrown))
      throw thrown
    })
    return file
  } catch (thrown) {
    throw await diagnose(server, deedOf(how), path, thrown)
  }
}

function mustMakeSense(how: Opening, from: number): void {
  const wrong =
    (how.read !== true && how.write !== true) ||
    (how.truncate === true && how.write !== true) ||
    !Number.isSafeInteger(from) ||
    from < 0
  if (wrong) throw new FileError('invalid', 'a file cannot be opened like that')
}

async function mustReach(server: SftpServer, path: Path, how: Opening, from: number): Promise<void> {
  let size = 0
  try {
    const attributes = await server.ask('stat', { path }, takeAttributes(path))
    size = attributes.size ?? 0
    if (how.known !== undefined) mustBeSame(how.known, entryOf(nameOf(path), attributes), from)
  } catch (thrown) {
    if (!(thrown instanceof FileError) || thrown.fault !== 'not-found' || how.create === undefined)
      throw thrown
  }
  if (size < from) throw new FileError('invalid', `only ${size} bytes of this file are there`)
}

/** What came before is of the file as it was then. */
function mustBeSame(known: Entry, now: Entry, from: number): void {
  const isSame = known.size === now.size && known.modified.getTime() === now.modified.getTime()
  if (!isSame) throw changedError(now.name, from, now.size)
}

/** Servers open directories to be read, and some to be written; and a file to go on with may be longer than it should. */
async function prepare(
  server: SftpServer,
  path: Path,
  handle: string,
  how: Opening,
  from: number,
): Promise<void> {
  if (how.write === true && how.truncate === true && from === 0) return
  // The server has just said that it is a file, and how long.
  if (how.write !== true && how.expected !== undefined) return
  const attributes = await server.ask('fstat', { handle }, takeAttributes(path))
  if (isDirectory(attributes)) throw new FileError('is-directory', 'a directory')
  if (how.truncate === true && (attributes.size ?? 0) > from) await cut(server, path, handle, from)
}

/** Twisted's server cuts no file. Where all behind it is written over that does no harm, and where not the end is seen as it closes. */
async function cut(server: SftpServer, path: Path, handle: string, size: number): Promise<void> {
  try {
    await server.ask('fsetstat', { handle, attributes: { size } }, takeOk(path))
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
  }
}

function isDirectory({ mode = 0 }: Attributes): boolean {
  return (mode & modeKinds.mask) === modeKinds.directory
}

function flagsOf(how: Opening, from: number): number {
  const cuts = how.truncate === true && from === 0
  const creates = how.create !== undefined && from === 0
  return (
    (how.read === true ? openFlags.read : 0) |
    (how.write === true ? openFlags.write : 0) |
    (creates ? openFlags.create : 0) |
    (creates && how.create === 'require' ? openFlags.exclusive : 0) |
    (cuts ? openFlags.truncate : 0) |
    // With APPEND each write goes to the end, wherever that is by then: a retried one would be there twice.
    (how.append === true ? openFlags.append : 0)
  )
}

function deedOf(how: Opening): Deed {
  if (how.create === 'require') return 'require'
  return how.create === undefined ? 'open' : 'create'
}
