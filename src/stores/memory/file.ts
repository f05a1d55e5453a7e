import { FileError } from '../../core/error.ts'
import type { Entry, OpenFile, Opening } from '../../core/store.ts'
import type { Clock } from '../../core/clock.ts'
import { fileIsClosed, isPosition } from '../opening.ts'
import { entryOf, type FileNode } from './node.ts'
import type { Room } from './room.ts'

/** A file in memory while it is open. An aborted transfer leaves what was written, as on a disk. */
export class MemoryFile implements OpenFile {
  readonly #name: string
  readonly #node: FileNode
  readonly #how: Opening
  readonly #room: Room
  readonly #clock: Clock
  #ended = false

  constructor(name: string, node: FileNode, how: Opening, room: Room, clock: Clock) {
    this.#name = name
    this.#node = node
    this.#how = how
    this.#room = room
    this.#clock = clock
    node.openings += 1
  }

  async stat(): Promise<Entry> {
    this.#check(0)
    return entryOf(this.#name, this.#node)
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    this.#check(at)
    if (!this.#how.read) throw new FileError('denied', 'the file is not open for reading')
    return this.#node.bytes.read(into, at)
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    this.#check(at)
    if (!this.#how.write) throw new FileError('denied', 'the file is not open for writing')
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (length === 0) return
    if (!isPosition(at + length)) throw new FileError('full', 'the file would be too large')
    const { bytes } = this.#node
    this.#room.take(Math.max(0, at + length - bytes.size))
    let to = at
    for (const piece of pieces) {
      bytes.write(piece, to)
      to += piece.length
    }
    this.#node.modified = this.#clock.now()
  }

  /** Of a store that is gone with the process, no crash takes more than that. */
  async sync(): Promise<void> {
    this.#check(0)
  }

  async close(): Promise<void> {
    this.#end()
  }

  async abort(_reason: Error): Promise<void> {
    this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#node.openings -= 1
    giveBackIfGone(this.#node, this.#room)
  }

  #check(at: number): void {
    if (this.#ended) throw fileIsClosed()
    if (!isPosition(at)) throw new FileError('invalid', 'not a position in a file')
  }
}

/** Gives back the room of a file that has no name any more and that nobody has open. */
export function giveBackIfGone(node: FileNode, room: Room): void {
  if (node.names === 0 && node.openings === 0) room.give(node.bytes.size)
}
