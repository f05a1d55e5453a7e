import { constants, type Stats } from 'node:fs'
import { close, open, type HostPath } from './calls.ts'
import { openPath } from './descriptors.ts'
import { filesystemOf } from './filesystems.ts'

/**
 * Holds a file that is about to lose its name, until it is let go: to forget a gigabyte takes the disk a third of a second, and
 * nobody needs to wait for that. Undefined where it cannot be held, or where the system would keep its name as well (NFS).
 */
export async function holdOld(at: HostPath, { dev }: Stats): Promise<(() => void) | undefined> {
  try {
    if (!(await filesystemOf(at, dev)).isLocal) return undefined
    const fd = await open(at, openPath | constants.O_NOFOLLOW)
    return () => void close(fd).catch(() => undefined)
  } catch {
    return undefined // gone by now, perhaps: then there is nothing to hold
  }
}
