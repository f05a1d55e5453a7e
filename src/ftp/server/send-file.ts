import type { Blocks } from '../../core/blocks.ts'
import { Edges } from '../../core/edges.ts'
import type { OpenFile } from '../../core/store.ts'
import type { Outgoing } from './outgoing.ts'

/** What part of a file to send; `until` is the place behind the last byte. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** How many bytes were read, and what they begin and end with, unless one read gave them all. */
export interface Sent {
  readonly bytes: number
  readonly edges: Edges | undefined
}

/**
 * Sends a part of a file with one block read ahead while another is on its way: with blocks of a megabyte this is
 * as fast as sendfile(2).
 */
export async function sendFile(
  file: OpenFile,
  span: Span,
  out: Outgoing,
  blocks: Blocks,
  moved: (bytes: number) => void,
): Promise<Sent> {
  const wanted = span.until - span.from
  // The log learns by a read that a file was fetched, an empty one too.
  if (wanted <= 0) await file.read(nothing, span.from)
  const first = blocks.take(wanted)
  const second = wanted > first.bytes.length ? blocks.take(wanted) : undefined
  try {
    if (second === undefined)
      return { bytes: await sendInOne(file, span, out, first.bytes, moved), edges: undefined }
    const edges = new Edges()
    return { bytes: await pump(file, span, out, [first.bytes, second.bytes], edges, moved), edges }
  } finally {
    first.release()
    second?.release()
  }
}

const nothing = new Uint8Array(0)

/** What fits into one block needs no second one, and nothing is read ahead. */
async function sendInOne(
  file: OpenFile,
  { from, until }: Span,
  out: Outgoing,
  block: Uint8Array,
  moved: (bytes: number) => void,
): Promise<number> {
  let at = from
  for (let count = await readPart(file, block, at, until); count > 0;) {
    await out.write(block.subarray(0, count))
    moved(count)
    at += count
    count = await readPart(file, block, at, until)
  }
  return at - from
}

async function pump(
  file: OpenFile,
  span: Span,
  out: Outgoing,
  [first, second]: [Uint8Array, Uint8Array],
  edges: Edges,
  moved: (bytes: number) => void,
): Promise<number> {
  let at = span.from
  let current = first
  let next = second
  let count = await readPart(file, current, at, span.until)
  edges.begin(at, current.subarray(0, count))
  while (count > 0) {
    at += count
    // The read goes first: writing to a socket takes this thread until the system has all of it.
    const reading = at < span.until ? readPart(file, next, at, span.until) : 0
    const writing = out.write(current.subarray(0, count))
    // Both must be over before a block may be lent to anyone else, also when one of them fails.
    const [written, read] = await Promise.allSettled([writing, reading])
    if (written.status === 'rejected') throw written.reason
    moved(count)
    if (read.status === 'rejected') throw read.reason
    if (read.value === 0) edges.end(at - count, current.subarray(0, count))
    ;[current, next] = [next, current]
    count = read.value
  }
  return at - span.from
}

function readPart(file: OpenFile, into: Uint8Array, at: number, until: number): Promise<number> | number {
  const room = Math.min(into.length, until - at)
  return room <= 0 ? 0 : file.read(room === into.length ? into : into.subarray(0, room), at)
}
