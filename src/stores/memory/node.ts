import type { Entry } from '../../core/store.ts'
import type { Bytes } from './bytes.ts'

interface Facts {
  readonly id: string
  modified: number
  created: number
  mode: number
  owner: string
  group: string
}

export interface FileNode extends Facts {
  readonly kind: 'file'
  readonly bytes: Bytes
  /** How many names it has, and how many have it open: without either its bytes are given back. */
  names: number
  openings: number
}

export interface DirectoryNode extends Facts {
  readonly kind: 'directory'
  readonly entries: Map<string, Node>
}

interface LinkNode extends Facts {
  readonly kind: 'link'
  readonly target: string
}

/** What a name in memory stands for. */
export type Node = FileNode | DirectoryNode | LinkNode

/** What a listing tells of a node. */
export function entryOf(name: string, node: Node): Entry {
  const { kind, id, mode, owner, group } = node
  const common = {
    name,
    kind,
    id,
    mode,
    owner,
    group,
    modified: new Date(node.modified),
    created: new Date(node.created),
  }
  if (node.kind === 'file') return { ...common, size: node.bytes.size, links: node.names }
  if (node.kind === 'directory') return { ...common, size: 0, links: 1 }
  return { ...common, size: node.target.length, links: 1, target: node.target }
}
