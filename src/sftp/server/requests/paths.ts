import { FileError } from '../../../core/error.ts'
import { meansDirectory, parseFilePath, parsePath, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { modeKinds } from '../../wire/attributes.ts'
import type { Answer } from '../../wire/reply.ts'
import type { Asked } from '../../wire/request.ts'
import { attributesOf } from '../attributes-of.ts'
import { changeTo } from '../change.ts'
import { ok } from '../faults.ts'
import type { Visit } from '../visit.ts'

export async function lstat(visit: Visit, asked: Asked<'lstat'>): Promise<Answer> {
  const path = parsePath(asked.path)
  try {
    // `link/` is the directory that the link leads to.
    const entry = await visit.files.stat(path, meansDirectory(asked.path))
    mustBeNamed(asked.path, entry)
    return { kind: 'attrs', attributes: attributesOf(entry, visit.owners) }
  } catch (thrown) {
    return (await ofOwn(visit, path, thrown)) ?? rethrow(thrown)
  }
}

/** Of an upload that stopped, STAT tells how far it came: that is where clients go on (`reput`). */
export async function stat(visit: Visit, asked: Asked<'stat'>): Promise<Answer> {
  const path = parsePath(asked.path)
  try {
    const entry = await visit.files.stat(path)
    mustBeNamed(asked.path, entry)
    return { kind: 'attrs', attributes: attributesOf(entry, visit.owners) }
  } catch (thrown) {
    const own = await ofOwn(visit, path, thrown)
    if (own !== undefined) return own
    if (!(thrown instanceof FileError) || thrown.unfinished === undefined) throw thrown
    return { kind: 'attrs', attributes: { size: thrown.unfinished, mode: modeKinds.file | 0o600 } }
  }
}

/** What this session itself is uploading and nobody else sees yet: sshfs looks at what it has made before it writes to it. */
async function ofOwn(visit: Visit, path: Path, thrown: unknown): Promise<Answer | undefined> {
  const handle = visit.handles.writing(path)
  if (handle === undefined || !(thrown instanceof FileError) || thrown.fault !== 'not-found') return undefined
  return { kind: 'attrs', attributes: attributesOf(await handle.stat(), visit.owners) }
}

/** What ends in a slash is named like a directory, and must be one. */
export function mustBeNamed(text: string, { kind }: Entry): void {
  if (meansDirectory(text) && kind !== 'directory')
    throw new FileError('not-directory', 'it is no directory, and only those have names that end in a slash')
}

function rethrow(thrown: unknown): never {
  throw thrown
}

export async function setstat(visit: Visit, asked: Asked<'setstat'>): Promise<Answer> {
  const path = parsePath(asked.path)
  if (meansDirectory(asked.path)) mustBeNamed(asked.path, await visit.files.stat(path))
  await changeTo(visit, path, asked.attributes)
  return ok
}

export async function remove(visit: Visit, asked: Asked<'remove'>): Promise<Answer> {
  await visit.files.remove(parseFilePath(asked.path))
  return ok
}

export async function mkdir(visit: Visit, asked: Asked<'mkdir'>): Promise<Answer> {
  const path = parsePath(asked.path)
  await visit.files.mkdir(path)
  const mode = asked.attributes.mode === undefined ? undefined : asked.attributes.mode & 0o777
  const wanted = mode === undefined ? undefined : mode & ~visit.settings.umask
  if (wanted !== undefined && wanted !== 0o755 && visit.files.features.has('modes'))
    await setModeOfNew(visit, path, wanted)
  return ok
}

/** Who hears that a directory could not be made does not look for one. */
async function setModeOfNew(visit: Visit, path: Path, mode: number): Promise<void> {
  try {
    await changeTo(visit, path, { mode })
  } catch (thrown) {
    // Somebody may have put something into it by now, and what was wrong first is what counts.
    await visit.files.rmdir(path).catch(() => undefined)
    throw thrown
  }
}

export async function rmdir(visit: Visit, asked: Asked<'rmdir'>): Promise<Answer> {
  await visit.files.rmdir(parsePath(asked.path))
  return ok
}

/** A path need not lead anywhere to be told whole: clients ask before they upload. */
export async function realpath(_visit: Visit, asked: Asked<'realpath'>): Promise<Answer> {
  return onePath(parsePath(asked.path))
}

/** In version 3 a rename never replaces what is there. */
export async function rename(visit: Visit, asked: Asked<'rename'>): Promise<Answer> {
  return renamed(visit, asked, false)
}

/** What is open keeps being what it is, and not what comes to be under its old name (sshfs changes files by their handles). */
export async function renamed(
  visit: Visit,
  asked: { readonly from: string; readonly to: string },
  replace: boolean,
): Promise<Answer> {
  const from = parsePath(asked.from)
  const to = parsePath(asked.to)
  // What is named so, or is to be, must be a directory already: `rename report.pdf incoming/` makes no file `incoming`.
  if (meansDirectory(asked.from) || meansDirectory(asked.to))
    mustBeNamed('/', await visit.files.stat(from, false))
  await visit.files.rename(from, to, replace)
  visit.handles.moved(from, to)
  return ok
}

export async function readlink(visit: Visit, asked: Asked<'readlink'>): Promise<Answer> {
  const entry = await visit.files.stat(parsePath(asked.path), meansDirectory(asked.path))
  if (entry.kind !== 'link') throw new FileError('invalid', 'this is no link')
  if (entry.target === undefined) throw new FileError('denied', 'where this link leads is not told')
  return onePath(entry.target)
}

export async function symlink(visit: Visit, asked: Asked<'symlink'>): Promise<Answer> {
  const { target, path } = visit.linkFirst ? { target: asked.path, path: asked.target } : asked
  await visit.files.link(parseFilePath(path), target, 'symbolic')
  return ok
}

/** A name alone: what stands beside it has no meaning (draft-ietf-secsh-filexfer-02 §6.11). */
export function onePath(path: string): Answer {
  return { kind: 'name', names: [{ name: path, longname: path, attributes: {} }] }
}
