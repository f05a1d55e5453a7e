import { blockPool } from '../core/blocks.ts'
import type { Clock } from '../core/clock.ts'
import type { OpenFile } from '../core/store.ts'
import type { Edges } from '../core/edges.ts'
import type { Pace } from './pace.ts'
import { Stride } from './stride.ts'

/** What part of a file to move, and what to know on the way. */
export interface Pumping {
  readonly from: number
  /** The place behind the last byte; to the end of the file if none is said. */
  readonly until?: number
  /** How many bytes there are likely to be: small files take small blocks. */
  readonly likely?: number
  readonly moved?: ((bytes: number) => void) | undefined
  readonly pace?: Pace | undefined
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock
  /** Told of the first and the last bytes. */
  readonly edges?: Edges
}

const blocks = blockPool()

/**
 * Moves bytes from one open file to the same place of another, one block read ahead while another is written. Returns how
 * many they were.
 */
export async function pump(from: OpenFile, to: OpenFile, how: Pumping): Promise<number> {
  const until = how.until ?? Number.MAX_SAFE_INTEGER
  const wanted = Math.min(until - how.from, how.likely ?? Number.MAX_SAFE_INTEGER)
  const pair = [blocks.take(wanted), blocks.take(wanted)] as const
  try {
    return await alternate(from, to, how, until, [pair[0].bytes, pair[1].bytes])
  } finally {
    for (const block of pair) block.release()
  }
}

async function alternate(
  from: OpenFile,
  to: OpenFile,
  how: Pumping,
  until: number,
  [first, second]: readonly [Uint8Array, Uint8Array],
): Promise<number> {
  const most = how.pace?.most ?? Number.MAX_SAFE_INTEGER
  const stride = new Stride(first.length, how.clock)
  const read = async (into: Uint8Array, at: number): Promise<number> => {
    how.signal?.throwIfAborted()
    const room = Math.min(stride.next(at), until - at, most)
    return room <= 0 ? 0 : from.read(room === into.length ? into : into.subarray(0, room), at)
  }
  let at = how.from
  let current = first
  let next = second
  let count = await read(current, at)
  how.edges?.begin(at, current.subarray(0, count))
  while (count > 0) {
    // The read goes first: writing to a socket takes this thread until the system has all of it.
    const reading = read(next, at + count)
    const writing = to.write([current.subarray(0, count)], at)
    at += count
    // Both must be over before a block may be lent to anyone else, also when one of them fails.
    const [written, ahead] = await Promise.allSettled([writing, reading])
    if (written.status === 'rejected') throw written.reason
    how.moved?.(count)
    await how.pace?.moved(count, how.signal)
    if (ahead.status === 'rejected') throw ahead.reason
    if (ahead.value === 0) how.edges?.end(at - count, current.subarray(0, count))
    ;[current, next] = [next, current]
    count = ahead.value
  }
  return at - how.from
}
