import { FileError } from '../../core/error.ts'
import type { Entry, OpenFile } from '../../core/store.ts'
import type { Soon } from '../../core/soon.ts'
import { fileIsClosed, isPosition } from '../opening.ts'
import { close, fsync } from './calls.ts'
import { entryOf } from './entry.ts'
import { asFileError } from './faults.ts'
import type { Owners } from './owners.ts'
import type { QuickCalls } from './quick-calls.ts'

/** Linux takes no more pieces in one call (IOV_MAX). */
const mostPieces = 1024

/**
 * So much is read and written as quickly as a name is looked up. Larger files may have to come from the disk, also where as
 * little of them is read; a write goes to memory as long as the disk keeps up.
 */
const quickBytes = 64 * 1024

/**
 * So much is written in one call. Linux keeps a new file in pieces as large, and as aligned, as it was written in, and pieces of a
 * megabyte it takes from memory that a virtual machine has given back to its host: measured, that takes two to four times the CPU.
 */
const mostAtOnce = 512 * 1024

/**
 * A file on the disk while it is open. An aborted transfer leaves what was written where it was written: whoever
 * wants more than that writes beside the target first.
 */
export class DiskFile implements OpenFile {
  readonly #name: string
  readonly #fd: number
  readonly #owners: Owners
  /** Where the file ended when it was opened: a read that stops before that is not at the end. */
  readonly #size: number
  readonly #calls: QuickCalls
  readonly #apart: boolean
  /** Where the file ends at least. */
  #end = 0
  #underWay = 0
  #ending: PromiseWithResolvers<void> | undefined

  /** `apart`: large writes are not waited for in this thread. */
  constructor(name: string, fd: number, size: number, owners: Owners, calls: QuickCalls, apart = false) {
    this.#apart = apart
    this.#name = name
    this.#fd = fd
    this.#size = size
    this.#end = size
    this.#calls = calls
    this.#owners = owners
  }

  stat(): Promise<Entry> {
    return this.#during(0, async () => entryOf(this.#name, await this.#calls.fstat(this.#fd), this.#owners))
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.#during(at, async () => {
      let filled = await this.#readOnce(into, 0, at)
      while (filled > 0 && filled < into.length && at + filled < this.#size) {
        const more = await this.#readOnce(into, filled, at)
        if (more === 0) break
        filled += more
      }
      return filled
    })
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    return this.#during(at, async () => {
      let left = pieces
      let to = at
      while (left.length > 0) {
        const written = await this.#writeOnce(atMost(mostAtOnce, left), to)
        left = withoutFirst(left, written)
        to += written
        if (written === 0 && left.length > 0) throw new FileError('failed', 'the disk takes no more')
      }
    })
  }

  sync(): Promise<void> {
    return this.#during(0, () => fsync(this.#fd))
  }

  close(): Promise<void> {
    return this.#over()
  }

  abort(_reason: Error): Promise<void> {
    return this.#over()
  }

  /** The number of the descriptor may mean another file as soon as it is closed: never while something uses it. */
  async #over(): Promise<void> {
    if (this.#ending) return
    this.#ending = Promise.withResolvers()
    this.#endWhenDone()
    await this.#ending.promise
    try {
      await (this.#end > quickBytes ? close(this.#fd) : this.#calls.close(this.#fd))
    } catch (thrown) {
      throw asFileError(thrown)
    }
  }

  async #during<Result>(at: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#ending) throw fileIsClosed()
    if (!isPosition(at)) throw new FileError('invalid', 'not a position in a file')
    this.#underWay += 1
    try {
      return await work()
    } catch (thrown) {
      throw asFileError(thrown)
    } finally {
      this.#underWay -= 1
      this.#endWhenDone()
    }
  }

  #endWhenDone(): void {
    if (this.#underWay === 0) this.#ending?.resolve()
  }

  #readOnce(into: Uint8Array, filled: number, at: number): Soon<number> {
    const room = filled === 0 ? into : into.subarray(filled)
    if (this.#end <= quickBytes) return this.#calls.read(this.#fd, room, at + filled)
    return room.length <= quickBytes
      ? this.#calls.readPiece(this.#fd, room, at + filled)
      : this.#calls.readMuch(this.#fd, room, at + filled)
  }

  #writeOnce(pieces: readonly Uint8Array[], at: number): Soon<number> {
    let end = at
    for (const piece of pieces) end += piece.length
    if (end > this.#end) this.#end = end
    if (this.#end <= quickBytes) return this.#calls.write(this.#fd, pieces, at)
    return this.#apart
      ? this.#calls.writeApart(this.#fd, pieces, at)
      : this.#calls.writeMuch(this.#fd, pieces, at)
  }
}

/** The first of these pieces, as far as one call takes them. */
function atMost(bytes: number, pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  let left = bytes
  for (const [index, piece] of pieces.entries()) {
    if (left === 0) return pieces.slice(0, index)
    if (piece.length > left) return [...pieces.slice(0, index), piece.subarray(0, left)]
    left -= piece.length
    if (index + 1 === mostPieces) return pieces.slice(0, mostPieces)
  }
  return pieces
}

/** What is still to be written when the first bytes are. */
function withoutFirst(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes
  for (const [index, piece] of pieces.entries()) {
    if (piece.length > left) return [piece.subarray(left), ...pieces.slice(index + 1)]
    left -= piece.length
  }
  return []
}
