import { pageAligned } from './page-aligned.ts'

/** So many wait unused for each piece that is lent: in a server with much to do new ones, which cost a page fault a page, are rare. */
const waitingForEach = 4

/**
 * Pieces of memory at pages, lent again and again. What is not likely to be wanted soon goes back to the system
 * at once: the collector would do so much later, or never.
 */
export class PagePool {
  readonly #size: number
  readonly #spare: number
  readonly #free: Uint8Array<ArrayBuffer>[] = []
  #out = 0

  /** `spare` pieces are kept where none is lent. */
  constructor(size: number, spare: number) {
    this.#size = size
    this.#spare = spare
  }

  /** How many are lent. */
  get out(): number {
    return this.#out
  }

  take(): Uint8Array<ArrayBuffer> {
    this.#out += 1
    return this.#free.pop() ?? pageAligned(this.#size)
  }

  /** Takes one back that nobody uses any more. */
  give(bytes: Uint8Array<ArrayBuffer>): void {
    this.#out -= 1
    this.#free.push(bytes)
    const many = this.#free.length - this.#spare - waitingForEach * this.#out
    for (const { buffer } of this.#free.splice(0, Math.max(0, many))) buffer.transferToFixedLength(0)
  }

  /** One that was lent never comes back. */
  forget(): void {
    this.#out -= 1
  }
}
