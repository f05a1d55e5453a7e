import { FileError } from '../../core/error.ts'
import { partsOf, type Path } from '../../core/path.ts'
import { leadsOutside, linkParts, mostLinks, tooManyLinks } from '../link-target.ts'
import type { DirectoryNode, Node } from './node.ts'

/** Where a path leads. An empty `name` means the directory itself: the root, or what a link to `..` ends in. */
export interface Found {
  /** The directories from the root to the one that holds the name. */
  readonly way: readonly DirectoryNode[]
  readonly parent: DirectoryNode
  readonly name: string
  readonly node: Node | undefined
}

/** Finds a name, through links where they stand in the way and, with `follow`, also at the end. */
export function find(root: DirectoryNode, path: Path, follow: boolean): Found {
  const todo = partsOf(path).toReversed()
  const way = [root]
  let parent = root
  let links = 0
  for (;;) {
    const name = todo.pop()
    if (name === undefined) return { way, parent, name: '', node: parent }
    if (name === '..') {
      way.pop()
      parent = way.at(-1) ?? refuseEscape()
      continue
    }
    const node = parent.entries.get(name)
    if (node?.kind === 'link' && (follow || todo.length > 0)) {
      links += 1
      if (links > mostLinks) throw tooManyLinks()
      todo.push(...linkParts(node.target).toReversed())
    } else if (todo.length === 0) {
      return { way, parent, name, node }
    } else {
      parent = asDirectory(node)
      way.push(parent)
    }
  }
}

/** The node, which must be a directory. */
export function asDirectory(node: Node | undefined): DirectoryNode {
  const there = mustExist(node)
  if (there.kind !== 'directory') throw new FileError('not-directory', 'not a directory')
  return there
}

export function mustExist(node: Node | undefined): Node {
  if (!node) throw new FileError('not-found', 'no such file or directory')
  return node
}

function refuseEscape(): never {
  throw leadsOutside()
}
