import type { Clock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import { joinPath, rootPath, type Path } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'
import { isPartialName } from './partials.ts'

export interface SweepOptions {
  readonly olderThanMs: number
  readonly signal?: AbortSignal
}

/** Deeper than this nobody uploads, and a store that shows itself inside itself ends somewhere. */
const deepest = 64

/** Others come first: between two batches the sweep rests. */
const restMs = 5

/**
 * Removes parts of uploads that nobody has gone on with, and returns how many. Takes the tree as it comes, so that it
 * holds no more than a batch for each level; follows no link; what cannot be read or removed is left.
 */
export async function sweepPartials(store: Store, clock: Clock, options: SweepOptions): Promise<number> {
  return sweepDirectory({ store, clock, ...options }, rootPath, 0)
}

interface Sweep extends SweepOptions {
  readonly store: Store
  readonly clock: Clock
}

async function sweepDirectory(sweep: Sweep, directory: Path, depth: number): Promise<number> {
  let removed = 0
  try {
    for await (const batch of sweep.store.list(directory)) {
      for (const entry of batch) {
        if (sweep.signal?.aborted === true) return removed
        removed += await sweepEntry(sweep, directory, entry, depth)
      }
      await rest(sweep)
    }
  } catch (thrown) {
    // One directory that cannot be read says nothing about the others.
    if (!(thrown instanceof FileError)) throw thrown
  }
  return removed
}

async function sweepEntry(sweep: Sweep, directory: Path, entry: Entry, depth: number): Promise<number> {
  if (entry.kind === 'directory') {
    return depth < deepest ? sweepDirectory(sweep, joinPath(directory, entry.name), depth + 1) : 0
  }
  const old = entry.modified.getTime() < sweep.clock.now() - sweep.olderThanMs
  if (entry.kind !== 'file' || !isPartialName(entry.name) || !old) return 0
  try {
    await sweep.store.remove(joinPath(directory, entry.name))
    return 1
  } catch (thrown) {
    // Gone on with and complete in the meantime, or not ours to remove.
    if (!(thrown instanceof FileError)) throw thrown
    return 0
  }
}

function rest({ clock, signal }: Sweep): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', over)
      resolve()
    }
    const timer = clock.after(restMs, over)
    signal?.addEventListener('abort', over)
    if (signal?.aborted === true) over()
  })
}
