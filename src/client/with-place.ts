import { FileError } from '../core/error.ts'
import type { Store } from '../core/store.ts'
import type { LocalPlace } from '../stores/local.ts'
import { isRemote } from './end.ts'
import { isOfDisk } from './is-of-disk.ts'

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

function named(thrown: FileError, path: string): FileError {
  return new FileError(thrown.fault, `${path}: ${thrown.message}`, { cause: thrown, facts: { path } })
}
