import assert from 'node:assert/strict'
import { FileError, type Fault } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import { rowsIn, type Row } from '../../core/rows.ts'
import type { Change, Entry, Feature, Opening, Store } from '../../core/store.ts'
import { transfer } from '../../core/transfer.ts'

/**
 * What a driver may lack by the nature of what is behind it, beyond its features: names that are not UTF-8, names of
 * 255 bytes or with line ends in them, writes at any place, reads of a file that is written, times finer than a second,
 * a rename that replaces without a moment in which neither file is there.
 */
export type Ability =
  | 'raw-names'
  | 'long-names'
  | 'random-writes'
  | 'milliseconds'
  | 'reads-while-writing'
  | 'line-ends'
  | 'atomic-replace'

/** One promise of a Store. It works in a directory of its own: `at('a/b')` is a path in there. */
export interface StoreCase {
  readonly name: string
  readonly features?: readonly Feature[]
  readonly ability?: Ability
  run(store: Store, at: (place: string) => Path): Promise<void>
}

/** Asserts that something is refused, and for the right reason; or for any. */
export async function refused(fault: Fault | 'any', deed: Promise<unknown>): Promise<void> {
  const wanted = fault === 'any' ? 'a FileError' : `a FileError '${fault}'`
  let error: unknown
  try {
    await deed
  } catch (thrown) {
    error = thrown
  }
  assert.notEqual(error, undefined, `it went well, where ${wanted} is wanted`)
  assert.ok(error instanceof FileError, `${wanted} is wanted, not ${String(error)}`)
  if (fault !== 'any')
    assert.equal(error.fault, fault, `${wanted} is wanted, not '${error.fault}' (${error.message})`)
  assert.notEqual(error.message, '', 'the FileError has no message')
}

/** Opens, which must fail; what opens against expectation is ended so that nothing leaks. */
export async function refusedOpening(fault: Fault, store: Store, path: Path, how: Opening): Promise<void> {
  await refused(
    fault,
    store.open(path, how).then((file) => file.abort(new Error('should not have opened'))),
  )
}

/** Writes a whole file, new or over an old one. */
export async function put(store: Store, path: Path, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await transfer(file, () => file.write([bytes], 0))
}

/** Reads a whole file as text. */
export async function get(store: Store, path: Path): Promise<string> {
  return new TextDecoder().decode(await getBytes(store, path))
}

/** Reads a whole file. */
export async function getBytes(store: Store, path: Path): Promise<Uint8Array> {
  const file = await store.open(path, { read: true })
  return transfer(file, async () => {
    const { size } = await file.stat()
    const bytes = new Uint8Array(size + 1)
    let used = 0
    for (;;) {
      const count = await file.read(bytes.subarray(used), used)
      used += count
      if (count === 0 || used === bytes.length) break
    }
    assert.equal(used, size, 'what can be read is as much as stat told')
    return bytes.subarray(0, size)
  })
}

/** The names in a directory, sorted. */
export async function namesIn(store: Store, path: Path): Promise<string[]> {
  const names: string[] = []
  for await (const batch of store.list(path)) names.push(...batch.map((entry) => entry.name))
  return names.toSorted()
}

/** Whether a path leads to something. */
export async function exists(store: Store, path: Path): Promise<boolean> {
  try {
    await store.stat(path, false)
    return true
  } catch (error) {
    if (error instanceof FileError && error.fault === 'not-found') return false
    throw error
  }
}

/** For each feature the deed that needs it. */
export const deedOf: Record<Feature, (store: Store, file: Path, fresh: Path) => Promise<unknown>> = {
  links: (store, _file, fresh) => store.link(fresh, 'file', 'symbolic'),
  'hard-links': (store, file, fresh) => store.link(fresh, file, 'hard'),
  modes: (store, file) => store.change(file, { mode: 0o640 }),
  times: (store, file) => store.change(file, { modified: new Date(0) }),
  'creation-times': (store, file) => store.change(file, { created: new Date(0) }),
  owners: (store, file) => changeOwner(store, file),
  space: (store, file) => store.space(file),
}

/** Gives a file to the owner and group that it has: nobody needs a right for that. */
async function changeOwner(store: Store, file: Path): Promise<void> {
  const { owner = '0', group = '0' } = await store.stat(file)
  const change: Change = { owner, group }
  await store.change(file, change)
}

/** All about the names in a directory, sorted by them. */
export async function entriesIn(store: Store, path: Path): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of store.list(path)) entries.push(...batch)
  return entries.toSorted(byName)
}

/** The same, of the rows that a store has where it has them. */
export async function rowsAsEntries(store: Store, path: Path): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const rows of rowsIn(store, path)) rows((row) => entries.push(entryOf(row)))
  return entries.toSorted(byName)
}

/** What a row knows, and no more. It is asked for each of it by name, as it may have it from elsewhere. */
function entryOf(row: Row): Entry {
  const { name, kind, size, mode, owner, group, links, target, id, created } = row
  const known = { mode, owner, group, links, target, id, created: created && new Date(created) }
  return {
    name,
    kind,
    size,
    modified: new Date(row.modified),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  }
}

function byName(one: Entry, other: Entry): number {
  return one.name < other.name ? -1 : 1
}
