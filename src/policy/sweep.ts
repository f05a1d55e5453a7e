import type { Clock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import { joinPath, rootPath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { isPartialName } from './partial-name.ts'

export interface SweepOptions {
  readonly olderThanMs: number
  readonly signal: AbortSignal
}

/** A deeper tree is not looked through. */
const deepest = 100

/** Removes parts of uploads that nobody has gone on with for long, in the whole tree. Returns how many. */
export async function sweepPartials(store: Store, clock: Clock, options: SweepOptions): Promise<number> {
  const oldest = clock.now() - options.olderThanMs
  const waiting: { path: Path; depth: number }[] = [{ path: rootPath, depth: 0 }]
  let removed = 0
  for (let next = waiting.pop(); next !== undefined && !options.signal.aborted; next = waiting.pop()) {
    try {
      for await (const batch of store.list(next.path)) {
        for (const { name, kind, modified } of batch) {
          const path = joinPath(next.path, name)
          if (kind === 'directory' && next.depth < deepest) waiting.push({ path, depth: next.depth + 1 })
          if (kind !== 'file' || !isPartialName(name) || modified.getTime() >= oldest) continue
          await store.remove(path)
          removed += 1
        }
        if (options.signal.aborted) return removed
      }
    } catch (thrown) {
      // One folder that cannot be read must not keep the others from being swept.
      if (!(thrown instanceof FileError)) throw thrown
    }
  }
  return removed
}
