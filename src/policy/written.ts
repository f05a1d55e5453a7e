/** How many writes ahead of the first hole are remembered; of more, what is behind it counts as not there. */
const mostAhead = 256

/** Knows how far a file is whole from its beginning, while its parts may be written in any order. */
export class Written {
  #whole: number
  #ahead: [from: number, end: number][] = []

  constructor(whole: number) {
    this.#whole = whole
  }

  /** How many bytes from 0 on are there without a hole. */
  get whole(): number {
    return this.#whole
  }

  add(from: number, end: number): void {
    if (from > this.#whole) {
      if (this.#ahead.length < mostAhead) this.#ahead.push([from, end])
      return
    }
    this.#whole = Math.max(this.#whole, end)
    if (this.#ahead.length > 0) this.#join()
  }

  /** The file was cut or grown to this size; what growing adds was not written. */
  cut(size: number): void {
    this.#whole = Math.min(this.#whole, size)
    this.#ahead = this.#ahead.map(([from, end]) => [from, Math.min(end, size)])
  }

  #join(): void {
    this.#ahead.sort(([a], [b]) => a - b)
    let joined = 0
    for (const [from, end] of this.#ahead) {
      if (from > this.#whole) break
      this.#whole = Math.max(this.#whole, end)
      joined += 1
    }
    this.#ahead.splice(0, joined)
  }
}
