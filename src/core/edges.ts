import type { OpenFile } from './store.ts'

/** So much of each end is kept. */
const most = 16 * 1024

/** A piece of a file, and where it lies. */
export interface Piece {
  readonly at: number
  readonly bytes: Uint8Array
}

/**
 * The first and the last of the bytes that were read of a file. If it became longer meanwhile they tell whether it was only appended
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

  /** What is kept, at most two. */
  get pieces(): readonly Piece[] {
    return [this.#first, this.#last].filter((piece) => piece !== undefined)
  }

  /** Whether all of them are what this file has there now. */
  async areIn(file: OpenFile): Promise<boolean> {
    for (const piece of this.pieces) if (!(await isIn(file, piece))) return false
    return true
  }
}

/** Whether a file has these bytes at their place. */
export async function isIn(file: OpenFile, { at, bytes }: Piece): Promise<boolean> {
  const there = new Uint8Array(bytes.length)
  let used = 0
  while (used < there.length) {
    const count = await file.read(there.subarray(used), at + used)
    if (count === 0) return false
    used += count
  }
  return there.every((byte, index) => byte === bytes[index])
}
