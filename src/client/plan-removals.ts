import { systemClock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import type { Entry } from '../core/store.ts'
import { isRemote } from './end.ts'
import { isLeftOver } from './left-over.ts'
import type { Action } from './plan.ts'
import { chosen, inside, partName, type Batches, type Work } from './plan-work.ts'
import { walk } from './walk.ts'

/** What killed copies have left here, but for parts that this one goes on with. */
export function leftOvers(
  work: Work,
  below: string,
  entries: readonly Entry[],
  there: readonly Entry[],
): readonly Action[] {
  if (isRemote(work.to.store)) return []
  const now = work.options.now ?? systemClock.now()
  const old = there.filter((entry) => isLeftOver(entry, now))
  if (old.length === 0) return []
  const parts = new Set(entries.map((entry) => partName(work, below, entry)))
  return old
    .filter(({ name }) => !parts.has(name))
    .map(({ name, size }) => ({ kind: 'remove', path: below === '' ? name : `${below}/${name}`, size }))
}

/** Another kind of thing has the name: it goes only where removing was asked for. */
export async function* inTheWay(work: Work, path: string, entry: Entry, target: Entry): Batches {
  if (work.options.delete !== true) {
    const what = target.kind === 'directory' ? 'a directory' : `a ${target.kind}`
    const error = new FileError('exists', `${what} is in the way of a ${entry.kind}`, {
      facts: { hint: 'With --delete it would be replaced.' },
    })
    yield [{ kind: 'trouble', path, error }]
  } else yield* removalOf(work, path, target)
}

/** What the source does not have, but for parts that copies go on with. */
export async function* removals(
  work: Work,
  below: string,
  targets: readonly Entry[],
  parts: ReadonlySet<string>,
): Batches {
  for (const target of targets) {
    const path = below === '' ? target.name : `${below}/${target.name}`
    if (parts.has(target.name) || !chosen(work, path, target)) continue
    yield* removalOf(work, path, target)
  }
}

async function* removalOf(work: Work, path: string, target: Entry): Batches {
  if (target.kind !== 'directory') {
    yield [{ kind: 'remove', path, size: target.size }]
    return
  }
  const found: Action[] = []
  const top = inside(work.to, path)
  for await (const { path: at, entry } of walk(work.to.store, top)) {
    const deeper = `${path}${at.slice(top.length)}`
    // What was excluded stays, and the directories that hold it.
    if (!chosen(work, deeper, entry)) return
    found.push(
      entry.kind === 'directory'
        ? { kind: 'rmdir', path: deeper }
        : { kind: 'remove', path: deeper, size: entry.size },
    )
  }
  yield [...found.toReversed(), { kind: 'rmdir', path }]
}
