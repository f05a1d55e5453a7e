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
const medium = 256 * 1024
/** So many large ones wait for the next transfer where nothing moves, and as many bytes of medium ones. */
const spare = 8

/** So much of the budget goes to large ones: past that many have something to do, and each gets a part. */
const shareOfLarge = 1 / 4

/**
 * Large blocks make large reads and writes, which is where the speed is; two fresh ones for each small file would
 * cost more than the file. So they are kept, and only `budget` bytes of them are ever out at once. A few transfers get the
 * largest; many at once get medium ones, which cost a third more CPU than those and two thirds of what small ones cost; past the
 * budget they get small ones, and ten thousand slow downloads do not need ten thousand megabytes.
 */
export function blockPool(blockSize = 1024 * 1024, budget = 64 * 1024 * 1024): Blocks {
  const large = new PagePool(blockSize, spare)
  const middle = blockSize < 2 * medium ? large : new PagePool(medium, (spare * blockSize) / medium)
  const freeSmall: Uint8Array[] = []
  const mostLarge = Math.max(1, Math.floor((budget * shareOfLarge) / blockSize))
  const poolFor = (wanted: number): PagePool | undefined => {
    const room = budget - large.out * blockSize - (middle === large ? 0 : middle.out * medium)
    if (wanted > medium && large.out < mostLarge && room >= blockSize) return large
    const least = middle === large ? blockSize : medium
    return wanted > small && room >= least ? middle : undefined
  }
  return {
    take(wanted) {
      const pool = poolFor(wanted)
      if (pool !== undefined) return lend(pool.take(), (bytes) => pool.give(bytes))
      return lend(freeSmall.pop() ?? new Uint8Array(small), (bytes) => {
        if (freeSmall.length < mostSmall) freeSmall.push(bytes)
      })
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
