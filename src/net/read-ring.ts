/** A read that brings no more is one of somebody who talks, not of one who sends a file. */
const little = 4 * 1024

/** Memory for what comes, used again and again: while one part is lent to who reads, the next bytes go into another. */
export class ReadRing {
  #bytes: Uint8Array<ArrayBuffer>
  /** Where the next read goes, and how much it may bring. */
  #head = 0
  #room = 0
  /** How much waits or is lent, and how much of that is lent. */
  #held = 0
  #lent = 0
  /** How many reads in a row have brought all that there was room for, or below zero how many brought little. */
  #trend = 0

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes
    this.#measure()
  }

  /** How much has come that nobody has taken. */
  get waiting(): number {
    return this.#held - this.#lent
  }

  /** Whether somebody still has what was lent. */
  get isLent(): boolean {
    return this.#lent > 0
  }

  /** Above zero: so many reads in a row have brought all that there was room for. Below: so many have brought little. */
  get trend(): number {
    return this.#trend
  }

  /** Whether another read may come behind the next one: else there would be no place for it. */
  get hasRoom(): boolean {
    return this.#bytes.length - this.#held > this.#room
  }

  /** Whether so many bytes have a place. */
  hasRoomFor(count: number): boolean {
    return this.#bytes.length - this.#held >= count
  }

  /** Where the next read goes. Never empty, as long as nothing is read while there is no room. */
  place(): Uint8Array {
    return this.#bytes.subarray(this.#head, this.#head + this.#room)
  }

  /** So many bytes were read. */
  filled(count: number): void {
    if (count === this.#room) this.#trend = Math.max(this.#trend, 0) + 1
    else this.#trend = count > little ? 0 : Math.min(this.#trend, 0) - 1
    this.#head = (this.#head + count) % this.#bytes.length
    this.#held += count
    this.#measure()
  }

  /** All that waits, in one piece or two. */
  lend(): readonly Uint8Array[] {
    const pieces = this.#pieces()
    this.#lent = this.#held
    return pieces
  }

  /** What was lent may be overwritten. The next place stays the one that was told. */
  takeBack(): void {
    this.#held -= this.#lent
    this.#lent = 0
  }

  /** The memory itself, for another connection. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes
  }

  /**
   * Goes on in other memory, where there is place for what waits and as much again, and gives up what it had. Nothing may be
   * lent, and no place be told that is not filled yet.
   */
  moveTo(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const old = this.#bytes
    let at = 0
    for (const piece of this.#pieces()) {
      bytes.set(piece, at)
      at += piece.length
    }
    this.#bytes = bytes
    this.#head = at
    this.#trend = 0
    this.#measure()
    return old
  }

  #pieces(): readonly Uint8Array[] {
    const size = this.#bytes.length
    const count = this.waiting
    const from = (this.#head - count + size) % size
    if (from + count <= size) return [this.#bytes.subarray(from, from + count)]
    return [this.#bytes.subarray(from), this.#bytes.subarray(0, from + count - size)]
  }

  #measure(): void {
    const size = this.#bytes.length
    this.#room = Math.min(size / 2, size - this.#head, size - this.#held)
  }
}
