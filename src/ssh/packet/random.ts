import { randomFillSync } from 'node:crypto'

/** Drawn in advance: a call for each packet would cost a tenth of all the CPU. */
const drawn = randomFillSync(new Uint8Array(8192))
let used = 0

/** Fills a place of some bytes with random ones. */
export function putRandom(into: Uint8Array, at: number, count: number): void {
  if (used + count > drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  into.set(drawn.subarray(used, used + count), at)
  used += count
}
