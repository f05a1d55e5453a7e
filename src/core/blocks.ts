import { PagePool } from './page-pool.ts'

/** A lent buffer and the way to give it back. */
export interface Block {
  readonly bytes: Uint8Array
  release(): void
}

/** Lends buffers for transfers. */
export interface Blocks {
  take(wanted: number): Block
}

const small = 64 * 1024
const mostSmall = 64
/** So many large ones wait for the next transfer where nothing moves. */
const spare = 8

/**
 * Large blocks make large reads and writes, which is where the speed is; two fresh ones for each small file would
 * cost more than the file. So they are kept, and only `budget` bytes of large ones are ever out at once: past
 * that, transfers get small ones, and ten thousand slow downloads do not need ten thousand megabytes.
 */
export function blockPool(blockSize = 1024 * 1024, budget = 64 * 1024 * 1024): Blocks {
  const pool = new PagePool(blockSize, spare)
  const freeSmall: Uint8Array[] = []
  return {
    take(wanted) {
      if (wanted <= small || (pool.out + 1) * blockSize > budget) {
        return lend(freeSmall.pop() ?? new Uint8Array(small), (bytes) => {
          if (freeSmall.length < mostSmall) freeSmall.push(bytes)
        })
      }
      return lend(pool.take(), (bytes) => pool.give(bytes))
    },
  }
}

function lend<Bytes extends Uint8Array>(bytes: Bytes, takeBack: (bytes: Bytes) => void): Block {
  let lent = true
  return {
    bytes,
    release() {
      if (!lent) return
      lent = false
      takeBack(bytes)
    },
  }
}
