import { systemClock, type Clock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import { nameOf, parsePath, type Path } from '../core/path.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { encodeText } from '../core/text.ts'
import { checkTarget } from './link-target.ts'
import { Bytes } from './memory/bytes.ts'
import { changeNode } from './memory/change.ts'
import { giveBackIfGone, MemoryFile } from './memory/file.ts'
import { asDirectory, find, mustExist, type Found } from './memory/find.ts'
import { entryOf, type DirectoryNode, type FileNode, type Node } from './memory/node.ts'
import { Room } from './memory/room.ts'
import { checkOpening, endsBefore } from './opening.ts'

/** What a store in memory may differ in. */
export interface MemoryStoreOptions {
  readonly clock?: Clock
  /** How many bytes all files together may hold; past that, `full`. */
  readonly limit?: number
}

/** A tree of files that lives in memory and is gone with the process. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options.clock ?? systemClock, new Room(options.limit ?? Infinity))
}

/** How many stores there are: no file of one has the id of a file of another. */
let stores = 0

const batchSize = 1000
const longestName = 255

class MemoryStore implements Store {
  readonly features: ReadonlySet<Feature>
  readonly #clock: Clock
  readonly #room: Room
  readonly #root: DirectoryNode
  readonly #number: number
  #made = 0

  constructor(clock: Clock, room: Room) {
    this.#clock = clock
    this.#room = room
    stores += 1
    this.#number = stores
    this.#root = this.#newDirectory()
    const all: Feature[] = ['links', 'hard-links', 'modes', 'times', 'creation-times', 'owners']
    this.features = new Set(room.limit === Infinity ? all : [...all, 'space'])
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    return entryOf(nameOf(path), mustExist(find(this.#root, path, follow).node))
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    const directory = asDirectory(find(this.#root, path, true).node)
    const names = [...directory.entries.keys()]
    for (let at = 0; at < names.length; at += batchSize) {
      yield names.slice(at, at + batchSize).flatMap((name) => {
        const node = directory.entries.get(name)
        return node ? [entryOf(name, node)] : []
      })
    }
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    checkOpening(how)
    const found = find(this.#root, path, how.create !== 'require')
    const file = this.#toOpen(found, how)
    const from = how.from ?? 0
    if (file.bytes.size < from) throw endsBefore()
    if (!found.node) this.#put(found, file)
    if (how.truncate) this.#resize(file, from)
    return new MemoryFile(nameOf(path), file, how, this.#room, this.#clock)
  }

  async remove(path: Path): Promise<void> {
    const found = find(this.#root, path, false)
    const node = mustExist(found.node)
    if (node.kind === 'directory') throw new FileError('is-directory', 'a directory')
    this.#drop(found)
  }

  async mkdir(path: Path): Promise<void> {
    this.#put(find(this.#root, path, false), this.#newDirectory())
  }

  async rmdir(path: Path): Promise<void> {
    const found = find(this.#root, path, false)
    const directory = asDirectory(found.node)
    refuseRoot(found)
    if (directory.entries.size > 0) throw new FileError('not-empty', 'the directory is not empty')
    this.#drop(found)
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    const source = find(this.#root, from, false)
    const target = find(this.#root, to, false)
    const node = mustExist(source.node)
    refuseRoot(source)
    refuseRoot(target)
    if (target.way.some((directory) => directory === node)) {
      throw new FileError('invalid', 'a directory cannot be moved into itself')
    }
    if (target.node) {
      if (!replace) throw new FileError('exists', 'the name is taken')
      if (target.node === node) return
      checkReplacing(node, target.node)
      this.#drop(target)
    }
    if (node.kind === 'file') node.names += 1
    this.#put({ ...target, node: undefined }, node)
    this.#drop(source)
  }

  async change(path: Path, to: Change): Promise<void> {
    const node = mustExist(find(this.#root, path, true).node)
    if (to.size !== undefined) this.#resize(asFile(node), to.size)
    changeNode(node, to)
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    const found = find(this.#root, path, false)
    if (kind === 'hard') {
      const file = asFile(mustExist(find(this.#root, parsePath(target), true).node))
      this.#put(found, file)
      file.names += 1
    } else {
      checkTarget(target, found.way.length - 1)
      this.#put(found, { kind: 'link', ...this.#newFacts(0o777), target })
    }
  }

  async space(path: Path): Promise<Space> {
    mustExist(find(this.#root, path, true).node)
    if (!this.features.has('space')) throw new FileError('unsupported', 'the memory store has no limit')
    return this.#room.space()
  }

  #toOpen({ node }: Found, how: Opening): FileNode {
    if (node && how.create === 'require') throw new FileError('exists', 'the name is taken')
    if (node) return asFile(node)
    if (how.create !== undefined) {
      return { kind: 'file', ...this.#newFacts(0o644), bytes: new Bytes(), names: 1, openings: 0 }
    }
    throw new FileError('not-found', 'no such file or directory')
  }

  #resize(file: FileNode, size: number): void {
    if (!Number.isSafeInteger(size) || size < 0) throw new FileError('invalid', 'not a size')
    if (size > file.bytes.size) this.#room.take(size - file.bytes.size)
    else this.#room.give(file.bytes.size - size)
    file.bytes.resize(size)
    file.modified = this.#clock.now()
  }

  #put({ parent, name, node }: Found, fresh: Node): void {
    if (node) throw new FileError('exists', 'the name is taken')
    if (encodeText(name).length > longestName) throw new FileError('invalid', 'the name is too long')
    parent.entries.set(name, fresh)
    parent.modified = this.#clock.now()
  }

  #drop({ parent, name, node }: Found): void {
    parent.entries.delete(name)
    parent.modified = this.#clock.now()
    if (node?.kind !== 'file') return
    node.names -= 1
    giveBackIfGone(node, this.#room)
  }

  #newDirectory(): DirectoryNode {
    return { kind: 'directory', ...this.#newFacts(0o755), entries: new Map() }
  }

  #newFacts(mode: number) {
    const now = this.#clock.now()
    this.#made += 1
    const id = `m${this.#number}-${this.#made}`
    return { id, modified: now, created: now, mode, owner: 'ferry', group: 'ferry' }
  }
}

function asFile(node: Node): FileNode {
  if (node.kind === 'directory') throw new FileError('is-directory', 'a directory')
  // A link is met here only where it must not be followed, and such a name exists.
  if (node.kind === 'link') throw new FileError('exists', 'the name is taken by a link')
  return node
}

function refuseRoot({ name }: Found): void {
  if (name === '') throw new FileError('denied', 'the root stays where it is')
}

function checkReplacing(node: Node, target: Node): void {
  const isDirectory = target.kind === 'directory'
  if (node.kind !== 'directory' && isDirectory)
    throw new FileError('is-directory', 'the target is a directory')
  if (node.kind === 'directory' && !isDirectory) {
    throw new FileError('not-directory', 'the target is not a directory')
  }
  if (isDirectory && target.entries.size > 0) throw new FileError('not-empty', 'the target is not empty')
}
