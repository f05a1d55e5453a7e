/** Counts what is under way. To ask all of it who is first, for each file anew, takes longer than any other part of a plan's run. */
export class UnderWay {
  #count = 0
  #ended: (() => void) | undefined

  begin(): void {
    this.#count += 1
  }

  end(): void {
    this.#count -= 1
    this.#ended?.()
  }

  /** Waits until there is no more than that. One may wait at a time. */
  async atMost(count: number): Promise<void> {
    while (this.#count > count) await new Promise<void>((resolve) => (this.#ended = resolve))
  }
}
