import { blockPool, type Blocks } from '../../core/blocks.ts'

/** Bytes of a file that are lent until they are released. */
export interface Lent {
  readonly bytes: Uint8Array
  release(): void
}

interface Wish {
  readonly at: number
  readonly length: number
  readonly done: PromiseWithResolvers<Lent>
}

/** How much is read in one go. */
const mostAtOnce = 1024 * 1024

/** Blocks for reading: one for each run. */
export function readBlocks(): Blocks {
  return blockPool(mostAtOnce, 64 * 1024 * 1024)
}

/**
 * Reads of one file. Those that wait and follow each other are done in one go and share its memory: to hand a read to another
 * thread costs as much as to copy 100 KiB, and some clients ask for 32 KiB at a time.
 */
export class ReadRuns {
  readonly #read: (into: Uint8Array, at: number) => Promise<number>
  readonly #blocks: Blocks
  readonly #wishes: Wish[] = []
  #working = false

  /** `read` gives how many bytes came, 0 at the end of the file. */
  constructor(read: (into: Uint8Array, at: number) => Promise<number>, blocks: Blocks) {
    this.#read = read
    this.#blocks = blocks
  }

  /** So many bytes from a place, or fewer; none at the end of the file. */
  take(length: number, at: number): Promise<Lent> {
    const done = Promise.withResolvers<Lent>()
    this.#wishes.push({ at, length, done })
    if (!this.#working) void this.#work()
    return done.promise
  }

  async #work(): Promise<void> {
    this.#working = true
    while (this.#wishes.length > 0) {
      const run = this.#nextRun()
      try {
        await this.#readRun(run)
      } catch (thrown) {
        for (const { done } of run) done.reject(thrown)
      }
    }
    this.#working = false
  }

  #nextRun(): Wish[] {
    let count = 0
    let size = 0
    let next: number | undefined
    for (const { at, length } of this.#wishes) {
      if (next !== undefined && (at !== next || size + length > mostAtOnce)) break
      count += 1
      size += length
      next = at + length
    }
    return this.#wishes.splice(0, count)
  }

  async #readRun(run: readonly Wish[]): Promise<void> {
    const start = run[0]?.at ?? 0
    const wanted = run.reduce((sum, { length }) => sum + length, 0)
    const block = this.#blocks.take(wanted)
    let left = 1
    const release = (): void => {
      left -= 1
      if (left === 0) block.release()
    }
    try {
      const count = await this.#read(block.bytes.subarray(0, wanted), start)
      for (const [index, { at, length, done }] of run.entries()) {
        const bytes = block.bytes.subarray(at - start, Math.min(at - start + length, count))
        // A read may bring less than there is: what got nothing of it is read by itself.
        if (bytes.length === 0 && count > 0) {
          this.#wishes.unshift(...run.slice(index))
          break
        }
        left += 1
        done.resolve({ bytes, release: once(release) })
      }
    } finally {
      release()
    }
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}
