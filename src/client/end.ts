import type { Path } from '../core/path.ts'
import type { RemoteFile, RemoteStore, WrittenWhole } from '../core/remote.ts'
import type { OpenFile, Store } from '../core/store.ts'

/** One end of a copy: a place in a Store. */
export interface End {
  readonly store: Store
  readonly path: Path
}

/** Whether a Store lies at the other end of a connection. */
export function isRemote(store: Store): store is RemoteStore {
  return 'under' in store && 'capabilities' in store
}

/** Whether files have other bytes at an end than they have over there, as text has other line ends. */
export function isText({ store }: End): boolean {
  return isRemote(store) && store.text === true
}

/** How many lines of the last listing of a directory may be files that nobody could read. */
export function unreadIn({ store, path }: End): number {
  return isRemote(store) ? (store.unread?.(path) ?? 0) : 0
}

/** Whether an open file can tell how sure it is that it is whole. */
export function isRemoteFile(file: OpenFile | WrittenWhole): file is RemoteFile {
  return 'completeness' in file
}

/** The same end, for calls that end when the signal says so. */
export function under(end: End, signal: AbortSignal | undefined): End {
  return signal === undefined || !isRemote(end.store)
    ? end
    : { store: end.store.under(signal), path: end.path }
}

/** Whether both are on one server, by one login. */
export function isOneServer(source: End, target: End): boolean {
  return isRemote(source.store) && isRemote(target.store) && source.store.url === target.store.url
}
