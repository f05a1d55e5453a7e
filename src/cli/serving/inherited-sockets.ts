import { readFileSync, readlinkSync } from 'node:fs'
import { endianness } from 'node:os'
import { canonicalAddress } from '../../core/address.ts'
import type { Peer } from '../../core/network.ts'
import type { InheritedSocket } from '../../net/inheriting.ts'
import { UsageError } from '../usage-error.ts'

/** A socket from systemd, with the name that its unit gives it. */
export interface NamedSocket extends InheritedSocket {
  /** `FileDescriptorName=`, or the name of the unit. */
  readonly name: string
}

/** Reads what a file of the system says. */
export interface SystemFiles {
  /** Where a symbolic link points. */
  link(path: string): string
  read(path: string): string
}

/**
 * The sockets that systemd has opened for this process (sd_listen_fds(3)); none without it. The variables are taken away, so
 * that no child takes them for its own.
 */
export function inheritedSockets(
  env: Record<string, string | undefined> = process.env,
  files: SystemFiles = systemFiles,
  processes: readonly number[] = [process.pid, process.ppid],
): readonly NamedSocket[] {
  const { LISTEN_PID: owner, LISTEN_FDS: count, LISTEN_FDNAMES: names } = env
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) Reflect.deleteProperty(env, name)
  // Where the machine's own Node is too old, bin/ferry.js is the one that systemd has started, and hands everything on.
  if (owner === undefined || count === undefined || !processes.includes(Number(owner))) return []
  const all = names?.split(':') ?? []
  return Array.from({ length: Number(count) }, (_, at) => describe(3 + at, all[at] ?? '', files))
}

const systemFiles: SystemFiles = {
  link: (path) => readlinkSync(path),
  read: (path) => readFileSync(path, 'utf8'),
}

const tables = [
  ['tcp', 'stream'],
  ['tcp6', 'stream'],
  ['udp', 'datagrams'],
  ['udp6', 'datagrams'],
] as const

/** Node tells neither the kind nor the family of a descriptor before it has taken it over; Linux does (proc(5)). */
function describe(fd: number, name: string, files: SystemFiles): NamedSocket {
  const inode = /^socket:\[(\d+)\]$/u.exec(files.link(`/proc/self/fd/${fd}`))?.[1]
  for (const [table, kind] of tables) {
    const local = inode === undefined ? undefined : find(tableOf(files, table), inode)
    if (local !== undefined) return { fd, name, kind, local }
  }
  throw new UsageError(
    `socket ${fd} from systemd (${name}) is none of TCP or UDP in this network. ListenStream= takes a port, and PrivateNetwork= must be off.`,
  )
}

function tableOf(files: SystemFiles, table: string): string {
  try {
    return files.read(`/proc/self/net/${table}`)
  } catch {
    return '' // A system without IPv6 has no tables of it.
  }
}

function find(table: string, inode: string): Peer | undefined {
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/u)
    const [, local = ''] = fields
    if (fields[9] === inode) return peerOf(local)
  }
  return undefined
}

/** `0100007F:0015`: the address in words of the machine's own byte order, the port as people write it in hex. */
function peerOf(text: string): Peer {
  const [address = '', port = ''] = text.split(':')
  const bytes = Buffer.from(address, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  return { address: addressOf(bytes), port: Number.parseInt(port, 16) }
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  return canonicalAddress(groups.join(':'))
}
