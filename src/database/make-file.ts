import { closeSync, fchownSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes an empty file for SQLite, which would let everybody read it. One that is there is not even opened: to close it would
 * take away the locks that this process has on it (POSIX has them so, https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_),
 * and another program would take the database for its own and remove the log under our hands.
 */
export function makeFile(path: string): void {
  try {
    const fd = openSync(path, 'wx', 0o600)
    try {
      giveAway(fd, dirname(path))
    } finally {
      closeSync(fd)
    }
  } catch (thrown) {
    if (!(Error.isError(thrown) && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
  }
}

/** `ferry user add`, said by root before the server has run once, would make a database that the server may not open. */
function giveAway(fd: number, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  if (uid !== 0) fchownSync(fd, uid, gid)
}
