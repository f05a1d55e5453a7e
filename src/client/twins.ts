import { entryIfTold } from '../core/entry-if-told.ts'
import { FileError } from '../core/error.ts'
import { joinPath } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import type { End } from './end.ts'
import type { BothListed } from './list-both.ts'

/**
 * Names of a directory that would be one name where case is not told apart: each with the one that comes before it. Where a target
 * takes a name for one that only it has, that entry is what the name stands for there, and `targets` says so afterwards.
 */
export async function findTwins(
  to: End,
  { entries, there, alike }: BothListed,
  targets: Map<string, Entry>,
): Promise<ReadonlyMap<string, string>> {
  const twins = new Map<string, string>()
  // What is no name leads nowhere, and is left out.
  const added = entries.filter(({ name }) => !targets.has(name) && !/[/\0]/u.test(name))
  if (added.length === 0) return twins
  const first = new Map<string, string>()
  for (const name of alike) first.set(folded(name), name)
  const free = new Map(there.map((entry) => [folded(entry.name), entry]))
  for (const { name } of entries) {
    if (!targets.has(name)) continue
    first.set(folded(name), name)
  }
  for (const { name } of added) {
    const key = folded(name)
    const before = first.get(key)
    if (before !== undefined) {
      twins.set(name, before)
      continue
    }
    first.set(key, name)
    const target = free.get(key)
    if (target === undefined || (await entryIfTold(to.store, joinPath(to.path, name))) === undefined) continue
    targets.delete(target.name)
    targets.set(name, target)
  }
  return twins
}

/** Why a file does not come that would be written over its twin. */
export function twinError(twin: string): FileError {
  return new FileError('exists', `at the target that name is the same as ${twin}, which is there`, {
    facts: { hint: 'Case is not told apart there. Rename one of them, or leave it out with --exclude.' },
  })
}

/** macOS takes letters for the same, however they are composed. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
