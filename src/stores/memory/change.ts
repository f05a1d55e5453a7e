import { FileError } from '../../core/error.ts'
import type { Change } from '../../core/store.ts'
import type { Node } from './node.ts'

/** Sets everything of a node but its size. */
export function changeNode(node: Node, to: Change): void {
  const modified = timeOf(to.modified)
  const created = timeOf(to.created)
  if (to.mode !== undefined && (to.mode & ~0o7777) !== 0) throw new FileError('invalid', 'not a mode')
  node.modified = modified ?? node.modified
  node.created = created ?? node.created
  node.mode = to.mode ?? node.mode
  node.owner = to.owner ?? node.owner
  node.group = to.group ?? node.group
}

function timeOf(date: Date | undefined): number | undefined {
  const time = date?.getTime()
  if (Number.isNaN(time)) throw new FileError('invalid', 'not a time')
  return time
}
