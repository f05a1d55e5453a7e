import type { Entry } from '../core/store.ts'
import { byName } from './walk.ts'

/** What two directories hold, sorted by name, but for what is alike in both. */
export interface BothListed {
  readonly entries: readonly Entry[]
  readonly there: readonly Entry[]
  /** The names of what is alike. */
  readonly alike: ReadonlySet<string>
  /** Whether the first of them holds nothing at all. */
  readonly isEmpty: boolean
}

/** Whether nothing need be done of two files of one name. */
export type IsAlike = (entry: Entry, target: Entry) => boolean

/**
 * Reads two listings at once. What is alike is forgotten as soon as both have told it, as most of a directory of a million files is
 * so, and an entry takes some two hundred bytes. Its name is kept: a server may tell it again, and it must not be missed then.
 */
export async function listBoth(
  from: AsyncIterable<readonly Entry[]>,
  to: AsyncIterable<readonly Entry[]>,
  isAlike: IsAlike,
): Promise<BothListed> {
  const entries = new Map<string, Entry>()
  const there = new Map<string, Entry>()
  const alike = new Set<string>()
  const meet = (own: Map<string, Entry>, others: Map<string, Entry>, entry: Entry, agrees: IsAlike): void => {
    const { name } = entry
    if (own.has(name) || alike.has(name)) return
    const other = others.get(name)
    if (other !== undefined && agrees(entry, other)) {
      others.delete(name)
      alike.add(name)
    } else own.set(name, entry)
  }
  const isAlikeHere: IsAlike = (target, entry) => isAlike(entry, target)
  await Promise.all([
    forEach(from, (entry) => meet(entries, there, entry, isAlike)),
    forEach(to, (entry) => meet(there, entries, entry, isAlikeHere)),
  ])
  return {
    entries: [...entries.values()].toSorted(byName),
    there: [...there.values()].toSorted(byName),
    alike,
    isEmpty: entries.size === 0 && alike.size === 0,
  }
}

async function forEach(batches: AsyncIterable<readonly Entry[]>, use: (entry: Entry) => void): Promise<void> {
  for await (const batch of batches) batch.forEach(use)
}
