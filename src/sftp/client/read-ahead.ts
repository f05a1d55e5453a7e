import type { Block } from '../../core/blocks.ts'
import { asError } from '../../core/error.ts'
import type { Link } from './link.ts'
import { windowFor } from './window.ts'

export interface ReadAheadParts {
  readonly link: Pick<Link, 'answers' | 'roundTripMs'>
  /** How much is asked for at once. */
  readonly most: number
  /** Copies what the server has at a place: how much came, 0 at the end. */
  readonly once: (into: Uint8Array, at: number) => Promise<number>
  /** Lends what the server has at a place, none at the end. */
  readonly lend: (length: number, at: number) => Promise<Block>
  /** How long the file was said to be: what lies behind is asked for when somebody wants it. */
  readonly likely?: number | undefined
}

/** A part of the file that was asked for before anybody wanted it. */
interface Part {
  readonly length: number
  /** What came, or why nothing did. What the reader has of it is taken out. */
  readonly came: Promise<Block[] | Error>
  /** How much of it the reader has. */
  taken: number
  /** How much the reader has of the first block that is left. */
  offset: number
}

/** From this round trip on waiting for each answer costs more than asking for what may not be wanted. */
const longWayMs = 4

/**
 * Reads in requests of the size the server takes, many under way at once. Where the reader goes on where it stopped, what
 * comes next is asked for early: twice as much each time it had to wait. Where the way is short it has to come back once for
 * that, as most files end with the first read.
 */
export class ReadAhead {
  readonly #how: ReadAheadParts
  readonly #parts: Part[] = []
  /** Where the next part begins. */
  #next = 0
  /** Where a reader goes on that reads all in order, and whether it did so. */
  #expected = 0
  #goesOn = false
  #window = 256 * 1024

  constructor(how: ReadAheadParts) {
    this.#how = how
  }

  /** Fills the buffer as far as the file goes. */
  async read(into: Uint8Array, at: number): Promise<number> {
    const inOrder = at === this.#expected
    const ahead = inOrder && (this.#goesOn || this.#how.link.roundTripMs >= longWayMs)
    if (!ahead) this.forget()
    this.#goesOn = inOrder
    const count = ahead ? await this.#fromParts(into, at) : await this.#readAll(into, at)
    this.#expected = at + count
    return count
  }

  /** What was read ahead may be wrong now, or nobody wants it. */
  forget(): void {
    for (const part of this.#parts.splice(0)) void drop(part)
  }

  async #fromParts(into: Uint8Array, at: number): Promise<number> {
    this.#askAhead(at, at + into.length)
    let filled = 0
    for (let part = this.#parts[0]; part !== undefined && filled < into.length; part = this.#parts[0]) {
      const came = await this.#arrived(part)
      if (came instanceof Error) {
        this.forget()
        throw came
      }
      filled += takeFrom(part, came, into.subarray(filled))
      if (came.length > 0) break
      // The file ended here when this was asked; what comes later is asked for again, should it have grown.
      if (part.taken < part.length) {
        this.forget()
        this.#goesOn = false
        break
      }
      this.#parts.shift()
    }
    return filled
  }

  #askAhead(at: number, wanted: number): void {
    const { likely = Infinity } = this.#how
    if (this.#parts.length === 0) this.#next = at
    const until = Math.max(wanted, Math.min(wanted + this.#window, likely))
    while (this.#next < until) {
      const length = this.#lengthAt(this.#next)
      this.#parts.push({ length, came: this.#lendAll(length, this.#next), taken: 0, offset: 0 })
      this.#next += length
    }
  }

  /** How much is asked for at a place: what may lie behind the end is asked for beside what lies before it, not after that has come. */
  #lengthAt(at: number): number {
    const { most, likely = Infinity } = this.#how
    return at < likely ? Math.min(most, likely - at) : most
  }

  async #arrived({ came }: Part): Promise<Block[] | Error> {
    const { link } = this.#how
    const before = link.answers
    const blocks = await came
    if (link.answers !== before) this.#window = Math.min(this.#window * 2, windowFor(link.roundTripMs))
    return blocks
  }

  /** All of a part, in as many answers as the server makes of it. Never rejects. */
  async #lendAll(length: number, at: number): Promise<Block[] | Error> {
    const blocks: Block[] = []
    try {
      for (let filled = 0; filled < length;) {
        const block = await this.#how.lend(length - filled, at + filled)
        blocks.push(block)
        filled += block.bytes.length
        if (block.bytes.length === 0) break
      }
      return blocks
    } catch (thrown) {
      for (const block of blocks) block.release()
      return asError(thrown)
    }
  }

  /** Fills a buffer, whatever sizes the server answers in. */
  async #readAll(into: Uint8Array, at: number): Promise<number> {
    const places: Uint8Array[] = []
    const parts: Promise<number>[] = []
    for (let from = 0; from < into.length;) {
      const place = into.subarray(from, from + this.#lengthAt(at + from))
      places.push(place)
      parts.push(this.#readPart(place, at + from))
      from += place.length
    }
    const ended = await Promise.allSettled(parts)
    let count = 0
    for (const [index, part] of ended.entries()) {
      if (part.status === 'rejected') throw part.reason
      count += part.value
      if (part.value < (places[index]?.length ?? 0)) break
    }
    return count
  }

  /** A short answer is no end: only an empty one is (draft-ietf-secsh-filexfer-02 §6.4). */
  async #readPart(into: Uint8Array, at: number): Promise<number> {
    let filled = 0
    while (filled < into.length) {
      const count = await this.#how.once(into.subarray(filled), at + filled)
      if (count === 0) break
      filled += count
    }
    return filled
  }
}

/** Moves what the reader has room for, and gives back the blocks that were read to their end. */
function takeFrom(part: Part, blocks: Block[], into: Uint8Array): number {
  let filled = 0
  for (let block = blocks[0]; block !== undefined; block = blocks[0]) {
    const piece = block.bytes.subarray(part.offset, part.offset + into.length - filled)
    into.set(piece, filled)
    filled += piece.length
    part.taken += piece.length
    part.offset += piece.length
    if (part.offset < block.bytes.length) break
    block.release()
    blocks.shift()
    part.offset = 0
  }
  return filled
}

async function drop({ came }: Part): Promise<void> {
  const blocks = await came
  if (!(blocks instanceof Error)) for (const block of blocks) block.release()
}
