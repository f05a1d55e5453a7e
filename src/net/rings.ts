import { PagePool } from '../core/page-pool.ts'
import { ReadRing } from './read-ring.ts'

/**
 * A read brings half of it at most: measured with uploads, a megabyte is best where many send at once and no worse where one does.
 * What is decrypted is written elsewhere meanwhile, and wants more.
 */
const plainBytes = 1024 * 1024
const decryptedBytes = 2 * 1024 * 1024
/** Enough for a connection over which little comes, and not worth sharing. */
const smallBytes = 64 * 1024
/** So many connections at once read this way; ten thousand slow ones do not need as many rings. */
const mostOut = 16
/** So many wait for the next connection where nothing comes. */
const spare = 4

const plain = new PagePool(plainBytes, spare)
const decrypted = new PagePool(decryptedBytes, spare)
/** Whoever gives a connection up while a file is written from it cannot give the ring back: the collector tells. */
const lost = new FinalizationRegistry<PagePool>((pool) => pool.forget())

/** Lends a ring to a connection; undefined: enough of them have one. */
export function takeRing(holds: 'plain' | 'decrypted' = 'plain'): ReadRing | undefined {
  const pool = holds === 'plain' ? plain : decrypted
  if (pool.out >= mostOut) return undefined
  const ring = new ReadRing(pool.take())
  lost.register(ring, pool, ring)
  return ring
}

/** So many reads in a row that bring little are a lull, and so many that fill a small ring are much again. */
const lull = 64
const much = 16

/** Gives a ring of what is not decrypted as much memory as what comes needs. To be called behind each read, where no place is told that is not filled yet. */
export function fitRing(ring: ReadRing): void {
  if (ring.isLent) return
  if (ring.trend <= -lull && ring.bytes.length > smallBytes && ring.waiting < smallBytes / 2) {
    lost.unregister(ring)
    plain.give(ring.moveTo(new Uint8Array(smallBytes)))
  } else if (ring.trend >= much && ring.bytes.length === smallBytes && plain.out < mostOut) {
    ring.moveTo(plain.take())
    lost.register(ring, plain, ring)
  }
}

/** Takes it back, unless somebody still uses what was lent. */
export function giveRing(ring: ReadRing): void {
  if (ring.isLent || !lost.unregister(ring)) return
  const pool = ring.bytes.length === decryptedBytes ? decrypted : plain
  pool.give(ring.bytes)
}
