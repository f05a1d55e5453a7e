import { asError } from '../../core/error.ts'
import type { Link } from './link.ts'
import { windowFor } from './window.ts'

type ReadOnce = (into: Uint8Array, at: number) => Promise<number>

/** A part of the file that was asked for before anybody wanted it. */
interface Part {
  readonly at: number
  readonly bytes: Uint8Array
  /** How many bytes came, or why none did. */
  readonly count: Promise<number | Error>
}

/** From this round trip on waiting for each answer costs more than asking for what may not be wanted. */
const longWayMs = 4

const mostFree = 16

/**
 * Reads in requests of the size the server takes, many under way at once. Where the way is long and the reader goes on where
 * it stopped, what comes next is asked for early: twice as much each time it had to wait.
 */
export class ReadAhead {
  readonly #link: Link
  readonly #most: number
  readonly #once: ReadOnce
  #parts: Part[] = []
  #next = 0
  #expected = 0
  #window = 256 * 1024
  #end = Infinity
  /** Memory of parts that were given to the reader: fresh memory costs more than the copy. */
  readonly #free: Uint8Array[] = []

  constructor(link: Link, most: number, once: ReadOnce) {
    this.#link = link
    this.#most = most
    this.#once = once
  }

  /** Fills the buffer as far as the file goes. */
  async read(into: Uint8Array, at: number): Promise<number> {
    if (at !== this.#expected || this.#link.roundTripMs < longWayMs) {
      this.forget()
      const count = await this.#readAll(into, at)
      this.#expected = at + count
      this.#next = this.#expected
      return count
    }
    this.#askAhead(at + into.length)
    const count = await this.#fromParts(into, at)
    this.#expected = at + count
    return count
  }

  /** What was read ahead may be wrong now. */
  forget(): void {
    this.#parts = []
    this.#end = Infinity
    this.#next = this.#expected
  }

  #askAhead(wanted: number): void {
    const until = Math.min(wanted + this.#window, this.#end)
    this.#next = Math.max(this.#next, this.#expected)
    while (this.#next < until) {
      const bytes = this.#free.pop() ?? new Uint8Array(this.#most)
      const at = this.#next
      const count = this.#readAll(bytes, at).catch((thrown: unknown) => asError(thrown))
      this.#parts.push({ at, bytes, count })
      this.#next += bytes.length
    }
  }

  async #fromParts(into: Uint8Array, at: number): Promise<number> {
    let filled = 0
    while (filled < into.length) {
      const part = this.#parts[0]
      if (part === undefined) break
      const before = this.#link.answers
      const count = await part.count
      if (this.#link.answers !== before) {
        this.#window = Math.min(this.#window * 2, windowFor(this.#link.roundTripMs))
      }
      if (count instanceof Error) {
        this.forget()
        throw count
      }
      const from = at + filled - part.at
      const piece = part.bytes.subarray(Math.min(from, count), Math.min(count, from + into.length - filled))
      into.set(piece, filled)
      filled += piece.length
      if (count < part.bytes.length) this.#end = Math.min(this.#end, part.at + count)
      if (from + piece.length < count) break
      if (count < part.bytes.length) {
        // The file ended here when this was asked; what comes later is asked for again, should it have grown.
        this.#expected = at + filled
        this.forget()
        break
      }
      this.#parts.shift()
      if (this.#free.length < mostFree) this.#free.push(part.bytes)
    }
    return filled
  }

  /** Fills a buffer, whatever sizes the server answers in. */
  async #readAll(into: Uint8Array, at: number): Promise<number> {
    const parts: Promise<number>[] = []
    for (let from = 0; from < into.length; from += this.#most) {
      parts.push(this.#readPart(into.subarray(from, from + this.#most), at + from))
    }
    const ended = await Promise.allSettled(parts)
    let count = 0
    for (const [index, part] of ended.entries()) {
      if (part.status === 'rejected') throw part.reason
      count += part.value
      const wanted = Math.min(this.#most, into.length - index * this.#most)
      if (part.value < wanted) break
    }
    return count
  }

  /** A short answer is no end: only an empty one is (draft-ietf-secsh-filexfer-02 §6.4). */
  async #readPart(into: Uint8Array, at: number): Promise<number> {
    let filled = 0
    while (filled < into.length) {
      const count = await this.#once(into.subarray(filled), at + filled)
      if (count === 0) break
      filled += count
    }
    return filled
  }
}
