import { FileError, type Fault } from '../core/error.ts'
import type { Store } from '../core/store.ts'
import type { LocalPlace } from '../stores/local.ts'
import { isRemote } from './end.ts'

/**
 * Does something between a place of this machine and a store, and lets the place go. What goes wrong with the place is told with
 * its path, as it was given.
 */
export async function withPlace<Result>(
  place: LocalPlace,
  given: string,
  far: Store,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    throw isOfDisk(thrown) && isRemote(far) ? named(thrown, given) : thrown
  } finally {
    await place.store.close()
  }
}

/** A store names no path, as a peer may read what it says; what a server said has its facts. */
function isOfDisk(thrown: unknown): thrown is FileError {
  return thrown instanceof FileError && diskFaults.has(thrown.fault) && Object.keys(thrown.facts).length === 0
}

const diskFaults: ReadonlySet<Fault> = new Set<Fault>([
  'not-found',
  'exists',
  'denied',
  'quota',
  'full',
  'busy',
  'is-directory',
  'not-directory',
])

function named(thrown: FileError, path: string): FileError {
  return new FileError(thrown.fault, `${path}: ${thrown.message}`, { cause: thrown, facts: { path } })
}
