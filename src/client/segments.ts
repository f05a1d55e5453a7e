import { FileError, IncompleteError } from '../core/error.ts'
import type { Entry, OpenFile } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { copyFile, keep, type Copied, type CopyHow } from './copy-file.ts'
import { isRemote, isText, under, type End } from './end.ts'
import { partPath } from './part-path.ts'
import { pump } from './pump.ts'

/** A smaller share than this is not worth a connection. */
const smallest = 1024 * 1024

/**
 * Copies one file in several parts at once. Each part counts its own bytes; when all have come the file is whole, and
 * gets its name. What broke off is begun again: with holes in it, its size tells nothing.
 */
export async function copySegments(
  from: End,
  to: End,
  entry: Entry,
  segments: number,
  how: CopyHow,
): Promise<Copied> {
  // A place in a text is another one at each end: it comes in one part, which that copies.
  if (isText(from) || isText(to)) return copyFile(from, to, how)
  const count = Math.max(1, Math.min(segments, Math.floor(entry.size / smallest)))
  const share = Math.ceil(entry.size / count)
  const part = partPath(to.path, `${count} ${from.path} ${entry.size}`, isRemote(to.store))
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, ...(how.signal === undefined ? [] : [how.signal])])
  const target = await to.store.open(part, { write: true, create: 'allow', truncate: true })
  await transfer(target, async () => {
    const shares = Array.from({ length: count }, (_, index) => index * share)
    const done = await Promise.allSettled(
      shares.map(async (start) => {
        try {
          await copyShare(from, target, start, Math.min(start + share, entry.size), { ...how, signal })
        } catch (thrown) {
          failed.abort(thrown)
          throw thrown
        }
      }),
    )
    for (const { reason } of done.filter((one) => one.status === 'rejected')) throw reason
  })
  await keep(to, part, entry, how)
  await to.store.rename(part, to.path, true)
  return { size: entry.size, resumedAt: 0, completeness: 'proven', way: 'through-here' }
}

async function copyShare(
  from: End,
  target: OpenFile,
  start: number,
  until: number,
  how: CopyHow,
): Promise<void> {
  const { store, path } = under(from, how.signal)
  const file = await store.open(path, { read: true, from: start })
  try {
    const got = await pump(file, target, { ...how, from: start, until, likely: until - start })
    if (got < until - start) {
      throw new IncompleteError(`a part ended ${until - start - got} bytes early`, start + got, until)
    }
  } finally {
    // The bytes are counted: how the other side ends what was not wanted of it says nothing more.
    await file.abort(new FileError('aborted', 'this part is there')).catch(() => undefined)
  }
}
