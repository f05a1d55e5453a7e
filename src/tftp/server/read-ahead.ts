import type { Block, Blocks } from '../../core/blocks.ts'
import { FileError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'
import type { Source } from '../source.ts'

export interface ReadAheadParts {
  readonly file: OpenFile
  readonly size: number
  readonly pool: Blocks
  /** How many bytes go at once. */
  readonly window: number
  readonly convert: (bytes: Uint8Array) => Uint8Array
}

const windowsInBlock = 16

const nothing = new Uint8Array(0)

/** The bytes of a file from its begin to `size`, read in large blocks, one ahead of the one that is being sent. */
export class ReadAhead implements Source {
  readonly #file: OpenFile
  readonly #size: number
  readonly #convert: (bytes: Uint8Array) => Uint8Array
  readonly #pool: Blocks
  /** How large a block is wanted: for a client that takes a little at a time a small one will do. */
  readonly #wanted: number
  /** Borrowed when the first byte is read, and not for a peer that only asks. */
  readonly #blocks: Block[] = []
  #turn: 0 | 1 = 0
  /** How far the file was read. */
  #at = 0
  #current: Uint8Array = nothing
  #taken = 0
  #next: Promise<Uint8Array> | undefined

  constructor({ file, size, pool, window, convert }: ReadAheadParts) {
    this.#file = file
    this.#size = size
    this.#convert = convert
    this.#pool = pool
    this.#wanted = Math.min(size, window * windowsInBlock)
  }

  get atEnd(): boolean {
    return this.#taken === this.#current.length && this.#next === undefined && this.#at >= this.#size
  }

  take(into: Uint8Array): number {
    const count = Math.min(into.length, this.#current.length - this.#taken)
    into.set(this.#current.subarray(this.#taken, this.#taken + count))
    this.#taken += count
    return count
  }

  async more(): Promise<void> {
    this.#next ??= this.#read()
    this.#current = await this.#next
    this.#taken = 0
    this.#next = undefined
    if (this.#at < this.#size) {
      this.#next = this.#read()
      // Told by the `more` that waits for it; unheard until then it would end the process.
      this.#next.catch(() => undefined)
    }
  }

  /** Gives the blocks back, once no read goes into them any more. */
  async end(): Promise<void> {
    await Promise.allSettled([this.#next])
    for (const block of this.#blocks) block.release()
  }

  async #read(): Promise<Uint8Array> {
    const { bytes } = (this.#blocks[this.#turn] ??= this.#pool.take(this.#wanted))
    this.#turn = this.#turn === 0 ? 1 : 0
    const room = Math.min(bytes.length, this.#size - this.#at)
    if (room <= 0) return nothing
    const count = await this.#file.read(bytes.subarray(0, room), this.#at)
    if (count === 0) throw new FileError('failed', 'the file became shorter while it was sent')
    this.#at += count
    return this.#convert(bytes.subarray(0, count))
  }
}
