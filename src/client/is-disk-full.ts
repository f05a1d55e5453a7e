import { codeOf } from '../stores/disk/faults.ts'
import { isOfDisk } from './is-of-disk.ts'

/** Whether the disk here takes nothing more. A file that is too large for it, or has too many links, says nothing of the next. */
export function isDiskFull(thrown: unknown): boolean {
  const code = isOfDisk(thrown) ? codeOf(thrown.cause) : undefined
  return code === 'ENOSPC' || code === 'EDQUOT'
}
