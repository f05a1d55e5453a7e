import { FileError } from '../core/error.ts'
import { joinPath, longestPath, type Path } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'

/** An entry and where it is. */
export interface Found {
  readonly path: Path
  readonly entry: Entry
  /** 1 for what lies in the top itself. */
  readonly depth: number
}

/** All entries of one directory, by name. A name that a server tells twice, as one does of a directory that changes, is one file. */
export async function listAll(store: Store, path: Path): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of listing(store, path)) entries.push(...batch)
  entries.sort(byName)
  return entries.filter(({ name }, index) => name !== entries[index - 1]?.name)
}

/** A listing as it comes. Of a path without end, as a server may show a directory in itself, there is none. */
export async function* listing(store: Store, path: Path): AsyncGenerator<readonly Entry[]> {
  if (path.length >= longestPath) {
    throw new FileError('invalid', `the path is too long: ${path.slice(0, 50)}…`, { facts: { path } })
  }
  yield* store.list(path)
}

/** The order of names. */
export function byName(one: Entry, other: Entry): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}

/** Everything below a directory, each directory before what is in it. Links are told and not followed. */
export async function* walk(
  store: Store,
  top: Path,
  {
    deepest = Infinity,
    signal,
  }: { readonly deepest?: number; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Found> {
  yield* below(store, top, 1, deepest, signal)
}

async function* below(
  store: Store,
  directory: Path,
  depth: number,
  deepest: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Found> {
  for (const entry of await listAll(store, directory)) {
    signal?.throwIfAborted()
    // A server may say anything: a name that leads elsewhere is not one.
    const path = joinPath(directory, entry.name)
    yield { path, entry, depth }
    if (entry.kind === 'directory' && depth < deepest) yield* below(store, path, depth + 1, deepest, signal)
  }
}
