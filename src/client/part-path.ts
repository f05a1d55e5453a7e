import { joinPath, nameOf, parentOf, type Path } from '../core/path.ts'
import { isPartialName, partialPath, tagOf } from '../policy/partials.ts'

const ours = '.ferry-part-'
const sent = '.ferry-sent-'

/**
 * Where a copy waits until it is whole. What it is a copy of is in the name, so that a part of something else is not gone on
 * with. On this machine the name is the one that a Ferry server hides and sweeps too; over there it is another, because a
 * Ferry server keeps those for itself.
 */
export function partPath(target: Path, copyOf: string, remote: boolean): Path {
  const path = partialPath(target, tagOf(copyOf))
  return remote ? joinPath(parentOf(path), nameOf(path).replace(ours, sent)) : path
}

/** Whether a name is that of a part: it is neither copied nor counted as a file of the target. */
export function isPartName(name: string): boolean {
  return isPartialName(name) || name.startsWith(sent)
}
