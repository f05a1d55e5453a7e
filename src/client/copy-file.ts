import { FileError, IncompleteError, wantsAnew } from '../core/error.ts'
import { nameOf, type Path } from '../core/path.ts'
import type { Completeness } from '../core/remote.ts'
import type { Change, Entry, Store } from '../core/store.ts'
import { changedError } from '../core/torn.ts'
import { digest, digestOverThere } from './digest.ts'
import { isOneServer, isRemote, isText, under, type End } from './end.ts'
import { isDiskFull } from './is-disk-full.ts'
import type { OwnPart } from './own-part.ts'
import type { Pace } from './pace.ts'
import { moveBytes, readSmall, smallFile, type Moved, type MovingInto } from './move-bytes.ts'
import { hasOtherPart, partPath, passingName } from './part-path.ts'

/** How one file is copied; all of it may be left out. */
export interface CopyHow {
  /** What the source is known to be; it is asked if nothing is said. */
  readonly entry?: Entry | undefined
  /**
   * `part`: go on behind the part that an earlier copy of the same source left. `file`: also behind a shorter file under
   * the name itself, whoever wrote it.
   */
  readonly resume?: 'no' | 'part' | 'file' | undefined
  /** What earlier attempts at this same copy have sent. */
  readonly own?: OwnPart | undefined
  /** Whether the bytes appear under the name as they come, or are written beside and renamed when they are whole. */
  readonly landing?: 'beside' | 'in-place' | undefined
  readonly keepTimes?: boolean | undefined
  readonly keepModes?: boolean | undefined
  /** `hash`: both sides must give the same hash. `auto`: that only where nothing else could be compared. */
  readonly verify?: Verify | undefined
  /** Told of bytes as they move, and once of those that were there already. */
  readonly moved?: ((bytes: number) => void) | undefined
  /** Told that the file is whole under its name, before its time and mode are set. */
  readonly whole?: (() => void) | undefined
  /** Told why a copy begins anew whose first part is no beginning of the file any more. */
  readonly begunAnew?: ((why: Error) => void) | undefined
  /**
   * Lets one server send to another where both allow it, and nothing passes through here. `unchecked`: also where they
   * encrypt and do not check who the other is.
   */
  readonly across?: boolean | 'unchecked' | undefined
  readonly pace?: Pace | undefined
  readonly signal?: AbortSignal | undefined
}

type Keeping = Pick<CopyHow, 'keepTimes' | 'keepModes'>

/** What proves a copy whole: its size, a hash of both sides, or a hash only where nothing else could be compared (`auto`). */
export type Verify = 'auto' | 'size' | 'hash'

/** What became of a copy. */
export interface Copied {
  /** How many bytes the file has. */
  readonly size: number
  /** How many of them were there already. */
  readonly resumedAt: number
  readonly completeness: Completeness
  /** The file became longer while it was read: the copy is what it was if it is only appended to, as logs are. */
  readonly grew?: true
  /** How they moved: through here, or at the other side alone. */
  readonly way: 'through-here' | 'over-there'
}

/** The same, and whether it has its time and mode already. */
interface Landed extends Copied {
  readonly kept: boolean
}

/** Copies one file between any two Stores. It either ends whole under its name, or throws. */
export async function copyFile(from: End, to: End, asked: CopyHow = {}): Promise<Copied> {
  const source = under(from, asked.signal)
  const target = under(to, asked.signal)
  asked.signal?.throwIfAborted()
  const entry = asked.entry ?? (await source.store.stat(source.path))
  const how = asTold(source, entry, asked)
  if (entry.kind === 'directory') throw new FileError('is-directory', `${from.path} is a directory`)
  const inPlace = landingOf(how, target) === 'in-place'
  const { kept: isKept, ...copied } =
    (isRemote(from.store) && isRemote(to.store)
      ? await copyOverThere(from, source, target, entry, how)
      : undefined) ??
    (inPlace
      ? await copyInPlace(source, target, entry, how)
      : ((await copySmall(source, target, entry, how)) ?? (await copyBeside(source, target, entry, how))))
  if (!isSureEnough(copied, how.verify)) await verify(source, target, copied, how.verify ?? 'auto')
  if (inPlace || copied.way === 'over-there') {
    how.whole?.()
    if (!isKept) await keep(target, target.path, entry, how)
  }
  return copied
}

/** A rename would put the file in place of a device or a pipe of this machine, which others use. */
async function mustBeReplaceable(target: End): Promise<void> {
  if (isRemote(target.store)) return
  const there = await target.store.find?.(target.path)
  if (there?.kind === 'other')
    throw new FileError(
      'denied',
      `${nameOf(target.path)} is a device, a pipe or a socket, and stays what it is`,
    )
}

/** Where a copy waits until it is whole: the name follows from the source, so that a changed one is not gone on with. */
export function partOf(from: End, to: End, entry: Entry): Path {
  return partPath(to.path, copyOf(from, entry), isRemote(to.store))
}

/** What a copy is one of, in words. */
export function copyOf(from: End, entry: Entry): string {
  const version = `${entry.size} ${entry.modified.getTime()}`
  if (!isRemote(from.store)) return ` ${from.path} ${version}`
  return `${from.store.url} ${from.path} ${version}${entry.id === undefined ? '' : ` ${entry.id}`}`
}

/** How a copy is to be like its source; a server that tells no time is read as telling 1970, which no copy is to have for that. */
export function asTold<How extends Keeping>({ store }: End, { modified }: Entry, how: How): How {
  return isRemote(store) && modified.getTime() === 0 ? { ...how, keepTimes: false } : how
}

/** Sets the time and the mode of a copy to those of its source, as far as the store can. */
export async function keep(target: End, path: Path, entry: Entry, how: Keeping): Promise<void> {
  const change = kept(target.store, entry, how)
  if (change.modified === undefined && change.mode === undefined) return
  try {
    await target.store.change(path, change)
  } catch (thrown) {
    // Many servers let nobody set times or modes: the file is whole without them.
    if (thrown instanceof FileError && (thrown.fault === 'unsupported' || thrown.fault === 'denied')) return
    // Few servers know a time before theirs began, and they refuse it in words of their own; SFTP knows none behind 2106.
    if (thrown instanceof FileError && (thrown.fault === 'invalid' || entry.modified.getTime() < 0)) return
    throw thrown
  }
}

/** What of a source its copy is to have, as far as the store can. */
function kept({ features }: Store, entry: Entry, how: Keeping): Pick<Change, 'modified' | 'mode'> {
  const times = how.keepTimes !== false && features.has('times')
  const modes = how.keepModes === true && features.has('modes') && entry.mode !== undefined
  return {
    ...(times ? { modified: entry.modified } : {}),
    ...(modes && entry.mode !== undefined ? { mode: entry.mode & 0o777 } : {}),
  }
}

function landingOf({ landing }: CopyHow, to: End): 'beside' | 'in-place' {
  return landing ?? (isRemote(to.store) ? 'in-place' : 'beside')
}

/** Two places of one server: it may copy by itself. Two servers: one may send to the other, where that is asked for. */
async function copyOverThere(
  asked: End,
  source: End,
  target: End,
  entry: Entry,
  how: CopyHow,
): Promise<Landed | undefined> {
  if (!isRemote(asked.store) || !isRemote(source.store) || !isRemote(target.store)) return undefined
  // Who wants a rate has it from us alone.
  if (how.pace !== undefined) return undefined
  let completeness: Completeness = 'proven'
  try {
    if (isOneServer(asked, target)) await source.store.copy(source.path, target.path)
    else if (how.across !== undefined && how.across !== false && source.store.send !== undefined) {
      completeness = await source.store.send(
        source.path,
        target.store,
        target.path,
        how.across === 'unchecked',
      )
    } else return undefined
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.fault === 'unsupported') return undefined
    throw thrown
  }
  return {
    size: entry.size,
    resumedAt: 0,
    completeness,
    way: 'over-there',
    kept: false,
  }
}

/** A small file is held until it is whole; then it needs no part that could be gone on with. */
async function copySmall(
  source: End,
  { store, path }: End,
  entry: Entry,
  how: CopyHow,
): Promise<Landed | undefined> {
  if (store.putWhole === undefined || isText(source) || how.resume === 'file') return undefined
  if (entry.kind !== 'file' || entry.size > smallFile || entry.rounded === true) return undefined
  const change = kept(store, entry, how)
  const read = await readSmall(source, entry, how, async (content) => {
    await store.putWhole?.(path, passingName(nameOf(path)), content, change)
    return undefined
  })
  if (read === undefined) return undefined
  how.whole?.()
  return { ...read, resumedAt: 0, way: 'through-here' }
}

async function copyBeside(source: End, target: End, entry: Entry, how: CopyHow): Promise<Landed> {
  await mustBeReplaceable(target)
  const part = partOf(source, target, entry)
  const start = isText(source) || isText(target) ? fresh : await startOf(source, target, part, entry, how)
  const keeps = kept(target.store, entry, how)
  const place = { store: target.store, path: part }
  const sure = sureOf(target, start.at, how.own)
  const { at, ...moved } = await moveFrom(source, place, entry, sure, { ...how, keeps }).catch(
    async (thrown: unknown) => {
      const isOfUse = !wantsAnew(thrown) && (!isDiskFull(thrown) || (await sizeOf(target, part)) !== 0)
      if (!isOfUse) await takeBack(target, part, start)
      throw thrown
    },
  )
  if (!moved.kept) await keep(target, part, entry, how)
  await target.store.rename(part, target.path, true)
  how.whole?.()
  return { ...moved, kept: true, resumedAt: at, way: 'through-here' }
}

/** Where a copy begins, and whether what is before it had the file's name. */
interface Start {
  readonly at: number
  readonly wasFile: boolean
}

const fresh: Start = { at: 0, wasFile: false }

async function startOf(source: End, target: End, part: Path, entry: Entry, how: CopyHow): Promise<Start> {
  if (how.resume === undefined || how.resume === 'no') return fresh
  const there = await sizeOf(target, part)
  if (there !== undefined) {
    if (there === 0 || there > entry.size) return fresh
    const start = { at: there, wasFile: false }
    if (!(await hasChanged(source, entry))) return start
    await takeBack(target, part, start)
    throw changedError(entry.name, there, entry.size)
  }
  if (how.resume !== 'file') return fresh
  const size = await sizeOf(target, target.path)
  if (size === undefined && (await hasOtherPart(target))) {
    how.begunAnew?.(new Error(`what came before is of another version of ${entry.name}, or of another file`))
  }
  if (size === undefined || size > entry.size) return fresh
  await target.store.rename(target.path, part, true)
  return { at: size, wasFile: true }
}

/** A part that is of no use goes; a file that it began as is what it was. What cannot be removed is left, under a name of its own. */
async function takeBack({ store, path }: End, part: Path, { at, wasFile }: Start): Promise<void> {
  try {
    if (!wasFile) return await store.remove(part)
    await store.change(part, { size: at })
    await store.rename(part, path, false)
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
  }
}

async function copyInPlace(source: End, target: End, entry: Entry, how: CopyHow): Promise<Landed> {
  const at = isText(source) || isText(target) ? 0 : await placeOf(source, target, entry, how)
  // A file that is still to be compared must not have the time of its source: the next sync would believe it.
  const keeps = how.verify === 'hash' ? {} : kept(target.store, entry, how)
  const { at: resumedAt, ...moved } = await moveFrom(source, target, entry, at, { ...how, keeps })
  return { ...moved, resumedAt, way: 'through-here' }
}

/** Moves the bytes behind a place, or all of them where a server cannot go on there and nobody asked it to. */
async function moveFrom(
  source: End,
  target: End,
  entry: Entry,
  at: number,
  how: CopyHow & MovingInto,
): Promise<Moved & { readonly at: number }> {
  try {
    return { at, ...(await moveBytes(source, target, entry, at, how)) }
  } catch (thrown) {
    const isRefused = thrown instanceof FileError && thrown.fault === 'unsupported'
    if (at === 0 || how.resume === 'file' || !isRefused) throw thrown
  }
  how.moved?.(-at)
  return { at: 0, ...(await moveBytes(source, target, entry, 0, how)) }
}

/** Where a copy that appears as it comes goes on. */
async function placeOf(source: End, target: End, entry: Entry, how: CopyHow): Promise<number> {
  const own = await how.own?.place(entry.size, () => sizeOf(target, target.path))
  if (own !== undefined) {
    if (own > 0 && (await hasChanged(source, entry))) throw changedError(entry.name, own, entry.size)
    return sureOf(target, own, how.own)
  }
  const there = how.resume === 'file' ? ((await sizeOf(target, target.path)) ?? 0) : 0
  return there > entry.size ? 0 : sureOf(target, there)
}

/** What of so many bytes is there for sure: before the end of what broke off there may be holes. */
function sureOf({ store }: End, there: number, own?: OwnPart): number {
  if (own?.sure !== undefined) return Math.min(there, own.sure)
  return Math.max(0, there - (isRemote(store) ? (store.mayLack ?? 0) : 0))
}

/** Whether a file of this machine is another one since it was looked at. Of others their stores look when they are opened. */
async function hasChanged({ store, path }: End, entry: Entry): Promise<boolean> {
  if (isRemote(store)) return false
  const now = await store.stat(path)
  return now.size !== entry.size || now.modified.getTime() !== entry.modified.getTime()
}

/** How many bytes of a file are there, those of an unfinished upload among them; undefined also where nobody tells. */
async function sizeOf({ store }: End, path: Path): Promise<number | undefined> {
  try {
    if (isRemote(store) && store.begun !== undefined) return await store.begun(path)
    const entry = await store.stat(path)
    return entry.kind === 'file' && entry.rounded !== true ? (entry.unfinished ?? entry.size) : undefined
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.unfinished !== undefined) return thrown.unfinished
    if (thrown instanceof FileError && (thrown.fault === 'not-found' || thrown.fault === 'unsupported'))
      return undefined
    throw thrown
  }
}

function isSureEnough({ completeness }: Copied, wanted: Verify = 'auto'): boolean {
  return wanted !== 'hash' && completeness !== 'unproven'
}

/** Compares a copy with its source as far as was asked for. */
export async function verify(source: End, target: End, copied: Copied, wanted: Verify): Promise<void> {
  if (isSureEnough(copied, wanted)) return
  if (wanted === 'size') {
    throw new IncompleteError('the size at the other side could not be compared', copied.size, undefined)
  }
  const far = isRemote(source.store) ? source : target
  const near = far === source ? target : source
  const made = await digestOverThere(far)
  if (made === undefined) {
    if (wanted === 'auto') return
    throw new IncompleteError('the other side can make no hash to compare', copied.size, copied.size, {
      facts: { hint: 'Use --verify size, which every server can be asked for.' },
    })
  }
  if ((await digest(near, made.algorithm)) === made.value) return
  throw new IncompleteError(
    `the ${made.algorithm} of the copy is not that of the source: the bytes differ`,
    copied.size,
    copied.size,
  )
}
