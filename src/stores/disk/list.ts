import { FileError } from '../../core/error.ts'
import type { Entry } from '../../core/store.ts'
import type { Held } from './confinement.ts'
import { asFileError } from './faults.ts'
import { filesystemOf } from './filesystems.ts'
import { Looks, type ListingTools } from './looks.ts'
import { readNames, streamNames } from './names.ts'

/** Lists a directory that is held, and releases it at the end, also of a list that is left early. */
export async function* listHeld(held: Held, tools: ListingTools): AsyncGenerator<readonly Entry[]> {
  try {
    if (!held.stats.isDirectory()) throw new FileError('not-directory', 'not a directory')
    yield* list(held, tools)
  } catch (thrown) {
    throw asFileError(thrown)
  } finally {
    held.release()
  }
}

async function* list(held: Held, tools: ListingTools): AsyncGenerator<readonly Entry[]> {
  const filesystem = await filesystemOf(held.at, held.stats.dev)
  const names = await (filesystem.tellsKinds ? streamNames(held.at) : readNames(held.at))
  const looks = new Looks(held, tools, filesystem.isLocal)
  const underWay: Promise<readonly Entry[]>[] = []
  try {
    for (let some = await names.next(); ; some = await names.next()) {
      if (some.length > 0) underWay.push(unheard(looks.look(some)))
      while (underWay.length > (some.length > 0 ? looks.ahead : 0)) {
        const found = await underWay.shift()
        if (found !== undefined && found.length > 0) yield found
      }
      if (some.length === 0) return
    }
  } finally {
    // The directory must be held as long as somebody looks into it.
    await Promise.allSettled(underWay)
    await names.close()
  }
}

/** Its failure is told when its turn has come, if ever. */
function unheard<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined)
  return promise
}
