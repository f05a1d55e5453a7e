import type { Entry, OpenFile } from '../core/store.ts'
import { tornError } from '../core/torn.ts'
import { transfer } from '../core/transfer.ts'
import type { End } from './end.ts'

/** So much of each end is kept. */
const most = 16 * 1024

interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
}

/**
 * The first and the last of the bytes that a copy read. Of a file that became longer meanwhile they tell whether it was only appended
 * to: then they are there still. One that was written anew begins otherwise, or what came of it ends otherwise.
 */
export class Edges {
  #first: Piece | undefined
  #last: Piece | undefined

  /** The first bytes that were read. */
  begin(at: number, bytes: Uint8Array): void {
    this.#first = { at, bytes: bytes.slice(0, most) }
  }

  /** The last ones. */
  end(at: number, bytes: Uint8Array): void {
    const skipped = Math.max(0, bytes.length - most)
    this.#last = { at: at + skipped, bytes: bytes.slice(skipped) }
  }

  /** Throws where they are not what this file has there now. */
  async mustBeIn(file: OpenFile, entry: Entry, arrived: number): Promise<void> {
    for (const piece of this.#pieces) if (!(await isIn(file, piece))) throw tornError(entry, arrived)
  }

  /** The same of a file that is opened for each of them, as FTP sends a file from one place on. */
  async mustBeAt({ store, path }: End, entry: Entry, arrived: number): Promise<void> {
    for (const piece of this.#pieces) {
      const { at } = piece
      const file = await store.open(path, at > 0 ? { read: true, from: at } : { read: true })
      if (!(await transfer(file, () => isIn(file, piece)))) throw tornError(entry, arrived)
    }
  }

  get #pieces(): readonly Piece[] {
    return [this.#first, this.#last].filter((piece) => piece !== undefined)
  }
}

async function isIn(file: OpenFile, { at, bytes }: Piece): Promise<boolean> {
  const there = new Uint8Array(bytes.length)
  let used = 0
  while (used < there.length) {
    const count = await file.read(there.subarray(used), at + used)
    if (count === 0) return false
    used += count
  }
  return Buffer.from(bytes).equals(there)
}
