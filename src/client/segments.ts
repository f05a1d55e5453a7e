import { FileError, IncompleteError, wantsAnew } from '../core/error.ts'
import type { Entry, OpenFile } from '../core/store.ts'
import { tornError } from '../core/torn.ts'
import { giveUp, transfer } from '../core/transfer.ts'
import { asTold, copyFile, copyOf, keep, verify, type Copied, type CopyHow } from './copy-file.ts'
import { isRemote, isText, under, type End } from './end.ts'
import { partPath } from './part-path.ts'
import { pump } from './pump.ts'
import { SharesLeft, type Share } from './shares-left.ts'

/**
 * Copies one file in several parts at once. Each part counts its own bytes; when all have come the file is whole, and
 * gets its name. With holes in it its size tells nothing: beside it is noted which parts are left, so that a copy that broke
 * off can go on.
 */
export async function copySegments(from: End, to: End, segments: number, how: CopyHow): Promise<Copied> {
  // A place in a text is another one at each end: it comes in one part, which that copies.
  if (isText(from) || isText(to)) return copyFile(from, to, how)
  const source = under(from, how.signal)
  // Listings tell less exact times, by which a change could not be seen.
  const entry = await source.store.stat(source.path)
  if (entry.kind === 'directory') throw new FileError('is-directory', `${from.path} is a directory`)
  const words = copyOf(from, entry)
  const part = partPath(to.path, `parts of ${words}`, isRemote(to.store))
  const left = new SharesLeft(to.store, partPath(to.path, `what is left of ${words}`, isRemote(to.store)))
  const known =
    how.resume === undefined || how.resume === 'no' ? undefined : await left.read(part, entry.size)
  const shares = left.divide(known ?? [{ at: 0, until: entry.size }], segments)
  const resumedAt = entry.size - shares.reduce((sum, { at, until }) => sum + until - at, 0)
  if (resumedAt > 0) how.moved?.(resumedAt)
  const fresh = known === undefined ? { truncate: true } : {}
  const target = await to.store.open(part, { write: true, create: 'allow', ...fresh })
  try {
    await transfer(target, async () => {
      await copyShares({ source, entry }, target, shares, segments, how, left)
      await mustBeSame(source, entry)
    })
  } catch (thrown) {
    if (wantsAnew(thrown)) {
      await left.forget()
      await to.store.remove(part)
    }
    throw thrown
  }
  await keep(to, part, entry, asTold(source, entry, how))
  await to.store.rename(part, to.path, true)
  await left.forget()
  const copied = {
    size: entry.size,
    resumedAt,
    completeness: 'proven',
    way: 'through-here',
  } as const
  await verify(source, under(to, how.signal), copied, how.verify ?? 'auto')
  return copied
}

/** What is copied, and what it was when it was looked at. */
interface Source {
  readonly source: End
  readonly entry: Entry
}

/** The parts come one after another as well: each of another version the file would have its size, and be none. */
async function mustBeSame({ store, path }: End, entry: Entry): Promise<void> {
  const { size, modified, id } = await store.stat(path)
  const isSame = size === entry.size && modified.getTime() === entry.modified.getTime() && id === entry.id
  if (!isSame) throw tornError(entry, size)
}

/** Copies as many shares at once as there are segments. The first that fails stops the others, and what is left is noted. */
async function copyShares(
  from: Source,
  target: OpenFile,
  shares: readonly Share[],
  segments: number,
  how: CopyHow,
  left: SharesLeft,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, ...(how.signal === undefined ? [] : [how.signal])])
  const waiting = [...shares]
  const work = async (): Promise<void> => {
    for (let share = waiting.shift(); share !== undefined; share = waiting.shift()) {
      try {
        await copyShare(from, target, share, { ...how, signal }, () => left.note(target, shares))
      } catch (thrown) {
        failed.abort(thrown)
        throw thrown
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: segments }, work))
  const broken = done.find((one) => one.status === 'rejected')
  await left.end(target, broken === undefined ? undefined : shares)
  // The others were stopped for its sake: that they were is not the reason.
  if (broken !== undefined) throw failed.signal.reason
}

async function copyShare(
  { source, entry }: Source,
  target: OpenFile,
  share: Share,
  how: CopyHow,
  noted: () => void,
): Promise<void> {
  const { at, until } = share
  const known = isRemote(source.store) ? { known: entry } : {}
  const file = await source.store.open(source.path, { read: true, from: at, ...known })
  try {
    const moved = (bytes: number): void => {
      share.at += bytes
      how.moved?.(bytes)
      noted()
    }
    await pump(file, target, { ...how, from: at, until, likely: until - at, moved })
    if (share.at < until)
      throw new IncompleteError(`a part ended ${until - share.at} bytes early`, share.at, until)
  } finally {
    // The bytes are counted: how the other side ends what was not wanted of it says nothing more.
    await giveUp(file, new FileError('aborted', 'this part is there'))
  }
}
