/** Lets so many work at once; others wait, the first of them first. */
export class Turns {
  readonly #most: number
  readonly #waiting = new Set<() => void>()
  #taken = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves when it is one's turn, which `give` ends; rejects where the signal comes before. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.#taken < this.#most) {
      this.#taken += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    signal.addEventListener(
      'abort',
      () => {
        if (this.#waiting.delete(resolve)) reject(new Error(`${this.#most} are being asked already`))
      },
      { once: true },
    )
    await promise
  }

  give(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#taken -= 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
