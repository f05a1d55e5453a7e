import { joinPath, nameOf, type Path } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { partOf } from './copy-file.ts'
import type { End } from './end.ts'
import type { IsAlike } from './list-both.ts'
import type { Action, PlanOptions } from './plan.ts'

/** To hand each action up through a generator for each directory above it takes longer than to find it. */
export type Batches = AsyncGenerator<readonly Action[]>

/** What a plan is made for. Its paths are below both ends. */
export interface Work {
  readonly from: End
  readonly to: End
  readonly options: PlanOptions
  readonly isAlike: IsAlike
  /** What is a twin, by its path. */
  readonly twins: Map<string, string>
}

/** A path below an end, of names that were looked at one by one. */
export function inside(end: End, path: string): Path {
  let at = end.path
  if (path === '') return at
  for (const name of path.split('/')) at = joinPath(at, name)
  return at
}

/** A place below an end. */
export function at(end: End, path: string): End {
  return { store: end.store, path: inside(end, path) }
}

/** Whether something is among what was chosen. */
export function chosen({ options }: Work, path: string, entry: Entry): boolean {
  return options.choice?.(path, entry.kind === 'directory') ?? true
}

/** The name of the part from which a copy of this file would go on; empty for what is no file. */
export function partName(work: Work, below: string, entry: Entry): string {
  if (entry.kind !== 'file') return ''
  const path = below === '' ? entry.name : `${below}/${entry.name}`
  const target = inside(work.to, path)
  const from = { store: work.from.store, path: inside(work.from, path) }
  return nameOf(partOf(from, { store: work.to.store, path: target }, entry))
}
