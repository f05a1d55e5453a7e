import { ProtocolError } from '../core/error.ts'

const lineFeed = 10
const carriageReturn = 13
const keptWhenEmpty = 256

/**
 * Cuts a stream of bytes into lines. A line ends at LF, and one CR before it belongs to the ending.
 *
 * Whoever drains it with `next` before each `push` never buffers more than the limit and one chunk; whoever lets
 * lines wait must look at `pending` and stop reading.
 */
export class Lines {
  readonly #limit: number
  #buffer = new Uint8Array(0)
  #start = 0
  #end = 0
  #scanned = 0
  #discarding = false
  /** Whether an LF that comes first belongs to a line that was taken without it. */
  #feedIsOwed = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** How many bytes wait: whole lines that nobody took, and the begun one. */
  get pending(): number {
    return this.#end - this.#start
  }

  /** Takes a chunk; its memory may be used again at once. */
  push(chunk: Uint8Array): void {
    const rest = this.#discarding ? this.#discard(chunk) : this.#withoutOwedFeed(chunk)
    if (rest.length === 0) return
    this.#makeRoom(rest.length)
    this.#buffer.set(rest, this.#end)
    this.#end += rest.length
  }

  /**
   * The next whole line without its ending, in memory of its own. A line longer than the limit throws once;
   * its remains are dropped up to their LF, and the lines after it come as if nothing had been.
   */
  next(): Uint8Array | undefined {
    const found = this.#buffer.subarray(this.#scanned, this.#end).indexOf(lineFeed)
    if (found < 0) {
      this.#scanned = this.#end
      if (this.#tooLong(this.#end)) {
        this.#discarding = true
        this.#drop(this.#end)
        throw tooLong(this.#limit)
      }
      return undefined
    }
    const end = this.#scanned + found
    const last = end > this.#start && this.#buffer[end - 1] === carriageReturn ? end - 1 : end
    if (last - this.#start > this.#limit) {
      this.#drop(end + 1)
      throw tooLong(this.#limit)
    }
    const line = this.#buffer.slice(this.#start, last)
    this.#drop(end + 1)
    return line
  }

  /**
   * Takes the begun line where only its LF is wanting and it is one of those that are taken so. An LF that still comes
   * is no line of its own.
   */
  nextWithoutFeed(isTaken: (line: Uint8Array) => boolean): Uint8Array | undefined {
    const end = this.#end - 1
    if (end < this.#start || this.#buffer[end] !== carriageReturn) return undefined
    const line = this.#buffer.slice(this.#start, end)
    if (!isTaken(line)) return undefined
    this.#drop(this.#end)
    this.#feedIsOwed = true
    return line
  }

  /** Drops all that waits and tells how many bytes that were: what came in clear behind AUTH TLS must not count. */
  clear(): number {
    const dropped = this.pending
    this.#drop(this.#end)
    this.#discarding = false
    this.#feedIsOwed = false
    return dropped
  }

  /** Whether a line without its LF yet is too long whatever comes: its last byte may be the CR of the ending. */
  #tooLong(end: number): boolean {
    const length = end - this.#start
    return length > this.#limit && (length > this.#limit + 1 || this.#buffer[end - 1] !== carriageReturn)
  }

  #discard(chunk: Uint8Array): Uint8Array {
    const end = chunk.indexOf(lineFeed)
    if (end < 0) return chunk.subarray(chunk.length)
    this.#discarding = false
    return chunk.subarray(end + 1)
  }

  #withoutOwedFeed(chunk: Uint8Array): Uint8Array {
    if (!this.#feedIsOwed || chunk.length === 0) return chunk
    this.#feedIsOwed = false
    return chunk[0] === lineFeed ? chunk.subarray(1) : chunk
  }

  #drop(to: number): void {
    this.#start = to
    this.#scanned = to
    if (to < this.#end) return
    this.#start = 0
    this.#end = 0
    this.#scanned = 0
    // An idle session must not hold the memory of its longest line.
    if (this.#buffer.length > keptWhenEmpty) this.#buffer = new Uint8Array(0)
  }

  #makeRoom(wanted: number): void {
    if (this.#end + wanted <= this.#buffer.length) return
    const waiting = this.pending
    const needed = waiting + wanted
    if (needed * 2 <= this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#start, this.#end)
    } else {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2, 64))
      larger.set(this.#buffer.subarray(this.#start, this.#end))
      this.#buffer = larger
    }
    this.#scanned -= this.#start
    this.#start = 0
    this.#end = waiting
  }
}

function tooLong(limit: number): ProtocolError {
  return new ProtocolError(`a line is longer than ${limit} bytes`)
}
