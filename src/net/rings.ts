import { giveBack, pageAligned } from '../core/page-aligned.ts'
import { ReadRing } from './read-ring.ts'

/** A read brings half of it at most: measured with uploads, less is slower and more as well. */
const ringBytes = 2 * 1024 * 1024
/** So many connections at once read this way; ten thousand slow ones do not need as many rings. */
const mostOut = 16
/** So many wait for the next connection where nothing comes. */
const spare = 4

const free: Uint8Array<ArrayBuffer>[] = []
let out = 0
/** Whoever gives a connection up while a file is written from it cannot give the ring back: the collector tells. */
const lost = new FinalizationRegistry(() => {
  out -= 1
})

/** Lends a ring to a connection; undefined: enough of them have one. */
export function takeRing(): ReadRing | undefined {
  if (out >= mostOut) return undefined
  out += 1
  const ring = new ReadRing(free.pop() ?? pageAligned(ringBytes))
  lost.register(ring, undefined, ring)
  return ring
}

/** Takes it back, unless somebody still uses what was lent. */
export function giveRing(ring: ReadRing): void {
  if (ring.isLent || !lost.unregister(ring)) return
  out -= 1
  free.push(ring.bytes)
  for (const coldest of free.splice(0, Math.max(0, free.length - spare - out))) giveBack(coldest)
}
