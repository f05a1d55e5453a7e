import type { Clock } from '../../core/clock.ts'
import { FileError } from '../../core/error.ts'
import type { Entry } from '../../core/store.ts'
import type { Held } from './confinement.ts'
import { Entries } from './entries.ts'
import { asFileError } from './faults.ts'
import { filesystemOf } from './filesystems.ts'
import { readNames, streamNames } from './names.ts'
import type { Owners } from './owners.ts'
import { quietWay } from './quiet-way.ts'

/** Lists a directory that is held, and releases it at the end, also of a list that is left early. */
export async function* listHeld(held: Held, owners: Owners, clock: Clock): AsyncGenerator<readonly Entry[]> {
  try {
    if (!held.stats.isDirectory()) throw new FileError('not-directory', 'not a directory')
    yield* list(held, owners, clock)
  } catch (thrown) {
    throw asFileError(thrown)
  } finally {
    held.release()
  }
}

/** So many names make the quick way quicker. */
const worthPreparing = 100

async function* list(held: Held, owners: Owners, clock: Clock): AsyncGenerator<readonly Entry[]> {
  const filesystem = await filesystemOf(held.at, held.stats.dev)
  const names = await (filesystem.tellsKinds ? streamNames(held.at) : readNames(held.at))
  try {
    const entries = new Entries(owners, clock)
    let look: Look = (some) => entries.look(held.at, some)
    let mayBeQuicker = filesystem.isLocal
    for (let some = await names.next(); some.length > 0; some = await names.next()) {
      // Small directories, which are most, do not pay for the preparations of the quick way.
      if (mayBeQuicker && some.length > worthPreparing) {
        mayBeQuicker = false
        look = await quickLook(held, entries, clock)
      }
      const found = await look(some)
      if (found.length > 0) yield found
    }
  } finally {
    await names.close()
  }
}

type Look = (names: readonly string[]) => Promise<Entry[]>

/** Looks by the plain path, and again through the descriptor where the way was not quiet. */
async function quickLook(held: Held, entries: Entries, clock: Clock): Promise<Look> {
  const safely: Look = (names) => entries.look(held.at, names)
  const path = await held.hostPath()
  if (!path?.isWellFormed()) return safely
  const way = quietWay(path, held.stats, clock)
  return async (names) => {
    const before = way()
    if (before === undefined) return safely(names)
    const found = await entries.look(path, names)
    return way() === before ? found : safely(names)
  }
}
