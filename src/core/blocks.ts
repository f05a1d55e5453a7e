import { pageAligned } from './page-aligned.ts'

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

/**
 * Large blocks make large reads and writes, which is where the speed is; two fresh ones for each small file would
 * cost more than the file. So they are kept, and only `budget` bytes of large ones are ever out at once: past
 * that, transfers get small ones, and ten thousand slow downloads do not need ten thousand megabytes.
 */
export function blockPool(blockSize = 1024 * 1024, budget = 64 * 1024 * 1024): Blocks {
  const free: Uint8Array[] = []
  const freeSmall: Uint8Array[] = []
  let out = 0
  return {
    take(wanted) {
      if (wanted <= small || out + blockSize > budget) return lend(freeSmall, small, 64, () => undefined)
      out += blockSize
      return lend(free, blockSize, 8, () => {
        out -= blockSize
      })
    },
  }
}

function lend(free: Uint8Array[], size: number, keep: number, returned: () => void): Block {
  const bytes = free.pop() ?? (size > small ? pageAligned(size) : new Uint8Array(size))
  let lent = true
  return {
    bytes,
    release() {
      if (!lent) return
      lent = false
      returned()
      if (free.length < keep) free.push(bytes)
    },
  }
}
