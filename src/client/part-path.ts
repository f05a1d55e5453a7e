import { FileError } from '../core/error.ts'
import { joinPath, nameOf, parentOf, rootPath, type Path } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { isPartialName, partialNameHere, partialNameThere, partialPath, tagOf } from '../policy/partials.ts'
import { isRemote, type End } from './end.ts'

/**
 * Where a copy waits until it is whole. What it is a copy of is in the name, so that a part of something else is not gone on
 * with. On this machine the name is the one that a Ferry server hides and sweeps too; over there it is another, because a
 * Ferry server keeps those for itself.
 */
export function partPath(target: Path, copyOf: string, remote: boolean): Path {
  const path = partialPath(target, tagOf(copyOf))
  return remote ? joinPath(parentOf(path), partialNameThere(nameOf(path))) : path
}

/** Nobody need be kept from guessing it: who writes under it does so only where nothing has that name. */
const here = tagOf(`${process.pid} ${Math.random()}`)
let turn = 0

/** The name of a small file for the moment in which it is written: no other program, and no other file, has it. */
export function passingName(name: string): string {
  turn += 1
  return nameOf(partialPath(joinPath(rootPath, name), here, turn))
}

/** Whether a name is one of those for a moment. A Ferry server gives such to who sends one file several times at once. */
export function isPassingName(name: string): boolean {
  return isPartName(name) && /^[^-]*-[^-]*-[0-9a-f]{16}\.\d+[-~]/u.test(name)
}

/** In a folder with more names than this nobody looks for parts, or a copy would take longer for it. */
export const mostNames = 2000

/** Whether something else under this name has come in part to this machine: what it is of is not in the name. */
export async function hasOtherPart({ store, path }: End): Promise<boolean> {
  if (isRemote(store)) return false
  // Parts of a name that is too long to be in theirs are not found.
  const ending = nameOf(partPath(path, '', false)).slice(-1 - nameOf(path).length)
  let seen = 0
  try {
    for await (const batch of store.list(parentOf(path))) {
      seen += batch.length
      if (seen > mostNames) return false
      const isOther = ({ name, size }: Entry): boolean =>
        isPartName(name) && !isPassingName(name) && name.endsWith(ending) && size > 0
      if (batch.some(isOther)) return true
    }
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
  }
  return false
}

/** Whether a name is that of a part: it is neither copied nor counted as a file of the target. */
export function isPartName(name: string): boolean {
  return isPartialName(partialNameHere(name))
}
