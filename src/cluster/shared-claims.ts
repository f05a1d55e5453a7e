import type { Claims } from '../core/claims.ts'

/** So many places names of the same remainder share; where all are taken, one more seems to be taken. */
const depth = 8

const buckets = 1 << 14

/** The memory that the threads of one server have in common for their claims. */
export function claimsMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(buckets * depth * Int32Array.BYTES_PER_ELEMENT)
}

/**
 * The claims of one thread, in memory that others share: a claim must hold at once, before anything is awaited. A name is
 * its bucket and 24 bits in it, together with whose it is; two names that look alike seem to be one, and two that take
 * one at the same instant may both fail. So a name may look taken that is not, and never the other way round.
 * `owner` is from 1 to 255.
 */
export function sharedClaims(memory: SharedArrayBuffer, owner: number): Claims {
  const places = new Int32Array(memory)

  /** Where in its bucket a name stands, from a place on. */
  function find(first: number, mark: number, from = 0): number {
    for (let at = from; at < depth; at += 1)
      if (Atomics.load(places, first + at) >>> 8 === mark) return first + at
    return -1
  }

  return {
    take(name) {
      const { first, mark } = placeOf(name)
      if (find(first, mark) >= 0) return false
      for (let at = first; at < first + depth; at += 1) {
        if (Atomics.compareExchange(places, at, 0, (mark << 8) | owner) !== 0) continue
        // Another may have taken the same name at another place meanwhile: then each of them gives way.
        const one = find(first, mark)
        if (one === at && find(first, mark, at - first + 1) < 0) return true
        Atomics.store(places, at, 0)
        return false
      }
      return false
    },
    has(name) {
      const { first, mark } = placeOf(name)
      return find(first, mark) >= 0
    },
    give(name) {
      const { first, mark } = placeOf(name)
      // At an earlier place another may have it for a moment, and gives way once it sees this one.
      const mine = (mark << 8) | owner
      for (let at = first; at < first + depth; at += 1)
        if (Atomics.compareExchange(places, at, mine, 0) === mine) return
    },
  }
}

/** Gives back what a thread had claimed that is no more. */
export function giveAllClaims(memory: SharedArrayBuffer, owner: number): void {
  const places = new Int32Array(memory)
  for (let at = 0; at < places.length; at += 1) {
    const held = Atomics.load(places, at)
    if ((held & 0xff) === owner) Atomics.compareExchange(places, at, held, 0)
  }
}

/** Two hashes of a name (FNV-1a and one that runs with other numbers): its bucket, and a mark that is not 0. */
function placeOf(name: string): { first: number; mark: number } {
  let one = 0x811c9dc5
  let other = 0x9747b28c
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    other = Math.imul(other ^ code, 0x5bd1e995)
    other ^= other >>> 15
  }
  return { first: ((one >>> 0) % buckets) * depth, mark: other & 0xffffff || 1 }
}
