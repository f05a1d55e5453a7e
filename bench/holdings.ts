import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { memory } from './processes.ts'

/** What a server's process holds at a moment. */
export interface Holdings {
  readonly rssMiB: number
  /** Open files and sockets of all kinds. */
  readonly handles: number
  readonly listeners: number
  readonly connections: number
}

/** Looks at a process from outside: what it says of itself could be wrong. */
export function holdings(pid: number): Holdings {
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  const own = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/u.exec(target)?.[1] ?? []))
  const sockets = ['tcp', 'tcp6'].flatMap((table) => rows(`/proc/${pid}/net/${table}`))
  const ours = sockets.filter(({ inode }) => own.has(inode))
  return {
    rssMiB: memory(pid).rssKiB / 1024,
    handles: targets.length,
    listeners: ours.filter(({ state }) => state === listening).length,
    connections: ours.filter(({ state }) => state !== listening).length,
  }
}

/** TCP_LISTEN in the kernel's tables. */
const listening = '0A'

function targetOf(link: string): string[] {
  try {
    return [readlinkSync(link)]
  } catch {
    // Closed since the folder was read.
    return []
  }
}

function rows(table: string): { readonly state: string; readonly inode: string }[] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/u)
      return fields.length < 10 ? [] : [{ state: fields[3] ?? '', inode: fields[9] ?? '' }]
    })
}
