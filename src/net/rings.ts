import { PagePool } from '../core/page-pool.ts'
import { ReadRing } from './read-ring.ts'

/** A read brings half of it at most: measured with uploads, less is slower and more as well. */
const ringBytes = 2 * 1024 * 1024
/** Enough for a connection over which little comes, and not worth sharing. */
const smallBytes = 64 * 1024
/** So many connections at once read this way; ten thousand slow ones do not need as many rings. */
const mostOut = 16
/** So many wait for the next connection where nothing comes. */
const spare = 4

const pool = new PagePool(ringBytes, spare)
/** Whoever gives a connection up while a file is written from it cannot give the ring back: the collector tells. */
const lost = new FinalizationRegistry(() => pool.forget())

/** Lends a ring to a connection; undefined: enough of them have one. */
export function takeRing(): ReadRing | undefined {
  if (pool.out >= mostOut) return undefined
  const ring = new ReadRing(pool.take())
  lost.register(ring, undefined, ring)
  return ring
}

/** So many reads in a row that bring little are a lull, and so many that fill a small ring are much again. */
const lull = 64
const much = 16

/** Gives a ring as much memory as what comes needs. To be called behind each read, where no place is told that is not filled yet. */
export function fitRing(ring: ReadRing): void {
  if (ring.isLent) return
  if (ring.trend <= -lull && ring.bytes.length > smallBytes && ring.waiting < smallBytes / 2) {
    lost.unregister(ring)
    pool.give(ring.moveTo(new Uint8Array(smallBytes)))
  } else if (ring.trend >= much && ring.bytes.length === smallBytes && pool.out < mostOut) {
    ring.moveTo(pool.take())
    lost.register(ring, undefined, ring)
  }
}

/** Takes it back, unless somebody still uses what was lent. */
export function giveRing(ring: ReadRing): void {
  if (!ring.isLent && lost.unregister(ring)) pool.give(ring.bytes)
}
