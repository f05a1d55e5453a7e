import { FileError } from '../../../core/error.ts'
import { isThere } from '../../../core/is-there.ts'
import { parseFilePath, type Path } from '../../../core/path.ts'
import type { OpenFile, Opening } from '../../../core/store.ts'
import { transfer } from '../../../core/transfer.ts'
import { attributesOf } from '../attributes-of.ts'
import { changeTo } from '../change.ts'
import { endOfFile, ok } from '../faults.ts'
import { FileHandle } from '../file-handle.ts'
import { mostData } from '../settings.ts'
import { openFlags, type Asked } from '../../wire/request.ts'
import { dataHead, type Answer } from '../../wire/reply.ts'
import type { Served, Visit } from '../visit.ts'

export async function open(visit: Visit, asked: Asked<'open'>): Promise<Answer> {
  visit.handles.mustHaveRoom()
  const path = parseFilePath(asked.path)
  const how = openingOf(asked.flags)
  if (how.write !== true && (asked.flags & openFlags.create) !== 0) await makeEmpty(visit, path, asked)
  const mode = await modeOfNew(visit, path, how, asked.attributes.mode)
  const file = await openOrGoOn(visit, path, how)
  try {
    if (mode !== undefined) await changeTo(visit, path, { mode })
    const appends = how.write === true && (asked.flags & openFlags.append) !== 0
    const appendAt = appends ? (await file.stat()).size : undefined
    const use = { path, reads: how.read === true, writes: how.write === true }
    const handle = new FileHandle(file, appendAt === undefined ? use : { ...use, appendAt }, visit.readBlocks)
    return { kind: 'handle', handle: visit.handles.add(handle) }
  } catch (thrown) {
    await file.abort(Error.isError(thrown) ? thrown : new Error('the file could not be opened'))
    throw thrown
  }
}

/** A read answers from memory that is lent for it: large reads are not copied. */
export async function read(visit: Visit, asked: Asked<'read'>): Promise<Served> {
  const handle = visit.handles.file(asked.handle)
  if (asked.offset > Number.MAX_SAFE_INTEGER - mostData) return endOfFile
  const wanted = Math.min(asked.length, mostData)
  const lent = await handle.lend(wanted, asked.offset)
  const { bytes } = lent
  if (bytes.length > 0 || wanted === 0)
    return {
      kind: 'ready',
      message: (id) => [dataHead(id, bytes.length), bytes],
      release: () => lent.release(),
    }
  lent.release()
  return endOfFile
}

export async function write(visit: Visit, asked: Asked<'write'>): Promise<Answer> {
  await visit.handles.file(asked.handle).write(asked.data, asked.offset)
  return ok
}

export async function close(visit: Visit, asked: Asked<'close'>): Promise<Answer> {
  await visit.handles.close(asked.handle)
  return ok
}

export async function fstat(visit: Visit, asked: Asked<'fstat'>): Promise<Answer> {
  const entry = await visit.handles.file(asked.handle).stat()
  return { kind: 'attrs', attributes: attributesOf(entry, visit.owners) }
}

export async function fsetstat(visit: Visit, asked: Asked<'fsetstat'>): Promise<Answer> {
  const handle = visit.handles.file(asked.handle)
  if (asked.attributes.size !== undefined) handle.mustWrite()
  await handle.settled()
  await changeTo(visit, await pathToChange(visit, handle), asked.attributes)
  return ok
}

/** Files are changed by their names, and by now another file may have this one's. An upload keeps its own until it is whole. */
async function pathToChange(visit: Visit, handle: FileHandle): Promise<Path> {
  const { id, unfinished } = await handle.stat()
  if (unfinished !== undefined) return handle.use.path
  if (id !== undefined && (await visit.files.stat(handle.path)).id !== id)
    throw new FileError(
      'not-found',
      'the name that this file had when it was opened is that of another file now',
    )
  return handle.path
}

/** As OpenSSH reads them, save that without WRITE nothing is cut. EXCL means something only beside CREAT. */
function openingOf(flags: number): Opening {
  const has = (flag: number): boolean => (flags & flag) !== 0
  if (!has(openFlags.write)) return { read: true }
  return {
    write: true,
    apart: true,
    ...(has(openFlags.read) ? { read: true } : {}),
    ...(has(openFlags.create) ? { create: has(openFlags.exclusive) ? 'require' : 'allow' } : {}),
    ...(has(openFlags.truncate) ? { truncate: true } : {}),
    ...(has(openFlags.append) && !has(openFlags.truncate) ? { append: true } : {}),
  }
}

/** Makes a file for one who writes nothing: `flock` through sshfs opens so, and who takes the file itself for a lock. */
async function makeEmpty(visit: Visit, path: Path, { flags, attributes }: Asked<'open'>): Promise<void> {
  const how: Opening = { write: true, create: 'require' }
  const mustBeNew = (flags & openFlags.exclusive) !== 0
  if (!mustBeNew && (await isThere(visit.files, path))) return
  const mode = await modeOfNew(visit, path, how, attributes.mode)
  try {
    const file = await visit.files.open(path, how)
    await transfer(file, async () => {
      if (mode !== undefined) await changeTo(visit, path, { mode })
    })
  } catch (thrown) {
    // Two may want one lock at once: then the other has made it.
    if (!mustBeNew && thrown instanceof FileError && thrown.fault === 'exists') return
    throw thrown
  }
}

/**
 * Opens a file. Who neither cuts it nor appends means to go on where the last upload stopped, if there is one: STAT has told
 * how long that is, as of any file.
 */
async function openOrGoOn(visit: Visit, path: Path, how: Opening): Promise<OpenFile> {
  const goesOn =
    how.write === true && how.truncate !== true && how.append !== true && how.create !== 'require'
  if (!goesOn) return visit.files.open(path, how)
  const from = await unfinishedAt(visit, path)
  return visit.files.open(path, from === 0 ? how : { ...how, create: 'allow', truncate: true, from })
}

/** How many bytes of an upload wait under a name that has no file. */
async function unfinishedAt(visit: Visit, path: Path): Promise<number> {
  try {
    await visit.files.stat(path, false)
    return 0
  } catch (thrown) {
    return (thrown instanceof FileError && thrown.unfinished) || 0
  }
}

/** The mode to give a file: only a new one gets it, and only one that is not what new files have anyway. */
async function modeOfNew(
  visit: Visit,
  path: Path,
  how: Opening,
  asked: number | undefined,
): Promise<number | undefined> {
  if (asked === undefined || how.create === undefined || !visit.files.features.has('modes')) return undefined
  const mode = asked & 0o777 & ~visit.settings.umask
  if (mode === 0o644) return undefined
  try {
    await visit.files.stat(path)
    return undefined
  } catch {
    return mode // Not there yet; whatever else is wrong, opening it will tell.
  }
}
