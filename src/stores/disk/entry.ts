import type { Stats } from 'node:fs'
import type { Entry, EntryKind } from '../../core/store.ts'
import type { Owners } from './owners.ts'

/** What of a look counts. */
export type EntryStats = Pick<
  Stats,
  'mode' | 'nlink' | 'size' | 'mtimeMs' | 'birthtimeMs' | 'uid' | 'gid' | 'dev' | 'ino'
>

/** What the disk tells of a name. `target` is the text of a link. */
export function entryOf(name: string, stats: EntryStats, owners: Owners, target?: string): Entry {
  const entry: { -readonly [Key in keyof Entry]: Entry[Key] } = {
    name,
    kind: kindOf(stats.mode),
    size: stats.size,
    modified: new Date(timeOf(stats.mtimeMs)),
    mode: stats.mode & 0o7777,
    owner: owners.user(stats.uid),
    group: owners.group(stats.gid),
    links: stats.nlink,
  }
  const id = idOf(stats.dev, stats.ino)
  if (id !== undefined) entry.id = id
  // 0 where the disk does not know.
  if (stats.birthtimeMs > 0) entry.created = new Date(timeOf(stats.birthtimeMs))
  if (target !== undefined) entry.target = target
  return entry
}

/** What is there but cannot be looked at: a name, and nothing else is known. */
export function unknownEntry(name: string): Entry {
  return { name, kind: 'other', size: 0, modified: new Date(0) }
}

/** What a mode says. */
export function kindOf(mode: number): EntryKind {
  const type = mode & 0o170000
  if (type === 0o100000) return 'file'
  if (type === 0o040000) return 'directory'
  return type === 0o120000 ? 'link' : 'other'
}

/** To the nearest millisecond: a time before 1970 comes back a little off. */
export function timeOf(ms: number): number {
  return Math.round(ms)
}

/** None where the number came rounded, as two files would share it. */
export function idOf(device: number, inode: number): string | undefined {
  return inode <= Number.MAX_SAFE_INTEGER ? `${device}-${inode}` : undefined
}
