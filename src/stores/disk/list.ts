import { FileError } from '../../core/error.ts'
import { readdir } from './calls.ts'
import type { Held } from './confinement.ts'
import { asFileError } from './faults.ts'
import { filesystemOf, type Filesystem } from './filesystems.ts'
import { Looks, type ListingTools } from './looks.ts'
import { givenNames, streamNames, type Names } from './names.ts'
import type { QuickCalls } from './quick-calls.ts'
import type { Seen } from './seen.ts'

/** Directories of a disk that are no larger have a few thousand names at most. */
const quickBytes = 64 * 1024

/** Lists a directory that is held, and releases it at the end, also of a list that is left early. */
export async function* listHeld(held: Held, tools: ListingTools): AsyncGenerator<Seen> {
  try {
    if (!held.stats.isDirectory()) throw new FileError('not-directory', 'not a directory')
    yield* list(held, tools)
  } catch (thrown) {
    throw asFileError(thrown)
  } finally {
    held.release()
  }
}

async function* list(held: Held, tools: ListingTools): AsyncGenerator<Seen> {
  const filesystem = await filesystemOf(held.at, held.stats.dev)
  const names = await namesIn(held, filesystem, tools.calls)
  const looks = new Looks(held, tools, filesystem.isLocal)
  const underWay: Promise<Seen>[] = []
  try {
    for (let some = await names.next(); ; some = await names.next()) {
      if (some.length > 0) underWay.push(unheard(looks.look(some)))
      while (underWay.length > (some.length > 0 ? looks.ahead : 0)) {
        const found = await underWay.shift()
        if (found !== undefined) yield found
      }
      if (some.length === 0) return
    }
  } finally {
    // The directory must be held as long as somebody looks into it.
    await Promise.allSettled(underWay)
    await names.close()
  }
}

/** Small directories are read in one go, as each way to the thread pool takes as long as reading a hundred names. */
async function namesIn({ at, stats }: Held, filesystem: Filesystem, calls: QuickCalls): Promise<Names> {
  if (filesystem.isLocal && stats.size <= quickBytes) return givenNames(await calls.readdir(at))
  return filesystem.tellsKinds ? streamNames(at) : givenNames(await readdir(at))
}

/** Its failure is told when its turn has come, if ever. */
function unheard<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined)
  return promise
}
