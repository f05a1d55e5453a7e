import { readFileSync } from 'node:fs'
import { sftpDefaults } from '../sftp/server/settings.ts'

/** How many files and connections a process may have open, this one if none is said; undefined where nobody tells. */
export function mostOpenFiles(pid: number | 'self' = 'self'): number | undefined {
  try {
    const soft = /^Max open files +(\d+)/mu.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1]
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined // Another system, or not for us.
  }
}

/** What a server has open before anybody comes: ports, the database, the folder, Node's own. */
const ofTheServer = 40

/** A session that is idle has one open, one that transfers three: its connection, that of the data, the file. */
const ofSession = 2

/**
 * For how many connections so many open files are enough. Whoever comes when none is left is cut by Node, without a word
 * to either side: so they are turned away before, with words.
 */
export function connectionsWithin(openFiles: number | undefined): number {
  if (openFiles === undefined) return Infinity
  return Math.max(1, Math.floor((openFiles - ofTheServer) / ofSession))
}

/** A session of SFTP may have so many files open: with few for the whole server one client would keep all others out. */
export function handlesWithin(openFiles: number | undefined): number {
  const { handles } = sftpDefaults
  return openFiles === undefined ? handles : Math.min(handles, Math.max(16, Math.floor(openFiles / 8)))
}

/** What there is to say at the start where they are not enough for many. */
export function fewOpenFiles(openFiles: number | undefined): string | undefined {
  const connections = connectionsWithin(openFiles)
  if (connections >= many) return undefined
  return `this process may have ${openFiles} files and connections open, so no more than ${connections} connections are taken at once: more with LimitNOFILE=65536 in the unit of systemd, or "ulimit -Hn 65536" before the start`
}

/** Where more than these come, somebody has thought of it. */
const many = 1000
