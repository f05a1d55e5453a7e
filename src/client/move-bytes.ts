import { blockPool } from '../core/blocks.ts'
import { OneSessionError } from '../core/error.ts'
import { Edges } from '../core/edges.ts'
import type { Completeness, WrittenWhole } from '../core/remote.ts'
import type { Entry, OpenFile, Opening } from '../core/store.ts'
import { tornError } from '../core/torn.ts'
import { transfer } from '../core/transfer.ts'
import { isOneServer, isRemote, isRemoteFile, isText, type End } from './end.ts'
import type { OwnPart } from './own-part.ts'
import { pump, type Pumping } from './pump.ts'
import { refuseShort } from './refuse-short.ts'
import { refuseTorn, stateOf } from './refuse-torn.ts'
import { mustHaveEdges } from './must-have-edges.ts'

/** What to know on the way. */
export interface Moving extends Pick<Pumping, 'moved' | 'pace' | 'signal'> {
  readonly own?: OwnPart | undefined
}

/** The same, and what the target is to have. */
export interface MovingInto extends Moving {
  readonly keeps: NonNullable<Opening['keeps']>
}

/** What has moved. */
export interface Moved {
  readonly size: number
  readonly completeness: Completeness
  /** Whether the source became longer meanwhile. */
  readonly grew?: true
  /** Whether the target has its mode and time already. */
  readonly kept: boolean
}

/** So much fits into the smallest block that is lent. */
export const smallFile = 60 * 1024

const blocks = blockPool()

/** Moves the bytes of a file from a place on, and tells how sure it is that all came. */
export async function moveBytes(
  source: End,
  target: End,
  entry: Entry,
  at: number,
  how: MovingInto,
): Promise<Moved> {
  const isSmall = entry.size <= smallFile && entry.rounded !== true && entry.kind === 'file'
  // Of one server a small file needs no more than one session, and some take a small file in one go.
  const takesWhole = isRemote(target.store) && target.store.writeWhole !== undefined
  const held = at === 0 && isSmall && (takesWhole || isOneServer(source, target)) && !isText(source)
  const moved = held ? await moveHeld(source, target, entry, how) : undefined
  if (moved !== undefined) return moved
  try {
    return await moveAlong(source, target, entry, at, how)
  } catch (thrown) {
    if (!(thrown instanceof OneSessionError)) throw thrown
  }
  const { moveByHalves } = await import('./move-by-halves.ts')
  return moveByHalves(moveAlong, { source, target, entry, at, how })
}

/** Both ends are open at once, so that a file of any size passes. */
async function moveAlong(
  source: End,
  target: End,
  entry: Entry,
  at: number,
  how: MovingInto,
): Promise<Moved> {
  if (at > 0) how.moved?.(at)
  const reader = await source.store.open(source.path, reading(source, entry, at))
  const edges = new Edges()
  let writer: OpenFile | undefined
  let grew = false
  const size = await transfer(reader, async () => {
    const before = await stateOf(source, reader)
    const opening = writing(source, entry, at, how)
    const besides = isOneServer(source, target) ? { besides: reader } : {}
    writer = await target.store.open(target.path, { ...opening, ...besides })
    how.own?.begin()
    const into = writer
    return transfer(writer, async (to) => {
      const count = await pump(reader, to, {
        from: at,
        likely: entry.size - at,
        moved: how.moved,
        pace: how.pace,
        signal: how.signal,
        edges,
      })
      refuseShort(source, at + count, entry)
      grew = await refuseTorn(before, reader, at + count)
      if (grew && !(await edges.areIn(reader))) throw tornError(entry, at + count)
      return at + count
    }).catch((thrown: unknown) => {
      how.own?.broke(isRemoteFile(into) ? into.sure : undefined)
      throw thrown
    })
  })
  const moved = movedBy(reader, writer, size, entry)
  if (moved.grew === true) await mustHaveEdges(source, edges, entry, size)
  return grew ? { ...moved, grew, completeness: weaker(moved.completeness, 'size-only') } : moved
}

/** One end after the other. undefined: the file is larger by now. */
function moveHeld(source: End, target: End, entry: Entry, how: MovingInto): Promise<Moved | undefined> {
  const { store, path } = target
  return readSmall(source, entry, how, async (content) => {
    how.own?.begin()
    const written = isRemote(store) ? await store.writeWhole?.(path, content, how.keeps) : undefined
    if (written !== undefined) return written
    const writer = await store.open(path, writing(source, entry, 0, how))
    await transfer(writer, (to) => to.write([content], 0))
    return writer
  })
}

/**
 * Reads a file that is small by its entry, and gives its bytes to `use` once it is proven that they are all; it returns the file
 * that they went into, if they did. undefined: it is larger by now, and nothing was used.
 */
export async function readSmall(
  source: End,
  entry: Entry,
  how: Moving,
  use: (content: Uint8Array) => Promise<Side | undefined>,
): Promise<Moved | undefined> {
  const block = blocks.take(smallFile)
  try {
    const whole = isKnown(entry) ? await wholeOf(source, entry.size, block.bytes) : undefined
    const { size, reader } =
      whole === undefined ? await opened(source, entry, block.bytes) : { size: whole, reader: proven }
    if (size === block.bytes.length) return undefined
    refuseShort(source, size, entry)
    how.moved?.(size)
    if (how.pace !== undefined) await how.pace.moved(size, how.signal)
    how.signal?.throwIfAborted()
    const writer = await use(block.bytes.subarray(0, size))
    return movedBy(reader, writer, size, entry)
  } finally {
    block.release()
  }
}

/** One side of a copy that is done. */
type Side = OpenFile | WrittenWhole

interface Held {
  readonly size: number
  readonly reader: Side
}

const proven: WrittenWhole = { completeness: 'proven', kept: true }

/** The bytes of a small file from a store that gives them in one go, if they come so. */
function wholeOf(
  { store, path }: End,
  size: number,
  into: Uint8Array,
): Promise<number | undefined> | undefined {
  return isRemote(store) ? store.readWhole?.(path, size, into) : undefined
}

async function opened(source: End, entry: Entry, into: Uint8Array): Promise<Held> {
  const reader = await source.store.open(source.path, reading(source, entry, 0))
  return { size: await transfer(reader, (file) => file.read(into, 0)), reader }
}

function movedBy(reader: Side, writer: Side | undefined, size: number, entry: Entry): Moved {
  return {
    size,
    completeness: weakest(reader, writer, size === entry.size && entry.rounded !== true),
    ...(isRemoteFile(reader) && reader.grew === true ? { grew: true } : {}),
    kept: writer === undefined || (isRemoteFile(writer) && writer.kept === true),
  }
}

function writing(source: End, entry: Entry, from: number, { keeps }: MovingInto): Opening {
  const expected = isText(source) ? {} : { expected: entry.size }
  return { write: true, create: 'allow', truncate: true, from, keeps, ...expected }
}

function reading({ store }: End, entry: Entry, at: number): Opening {
  const known = isRemote(store) && entry.kind === 'file' ? { known: entry } : {}
  if (at > 0) return { read: true, from: at, ...known }
  return isRemote(store) && isKnown(entry)
    ? { read: true, expected: entry.size, ...known }
    : { read: true, ...known }
}

/** Of a link the entry tells how long its text is, and a size of nothing may be one that nobody knows. */
function isKnown({ kind, size, rounded }: Entry): boolean {
  return kind === 'file' && size > 0 && rounded !== true
}

/** A copy is as sure as its less sure side; a size that agrees with the listing is a comparison too. */
function weakest(reader: Side, writer: Side | undefined, sizeAgrees: boolean): Completeness {
  const [read, written] = [reader, writer].map((file) =>
    file && isRemoteFile(file) ? file.completeness : 'proven',
  )
  return weaker(read === 'unproven' && sizeAgrees ? 'proven' : (read ?? 'proven'), written ?? 'proven')
}

/** The less sure of two. */
export function weaker(one: Completeness, other: Completeness): Completeness {
  if (one === 'unproven' || other === 'unproven') return 'unproven'
  return one === 'size-only' ? one : other
}
