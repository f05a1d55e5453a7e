import type { Taker } from '../receiving.ts'

/** Hands what comes to whoever reads: a write resolves when all of it was read. */
export class Pipe implements Taker {
  #pieces: readonly Uint8Array[] = []
  #piece = 0
  #taken = 0
  #read: (() => void) | undefined
  #written: PromiseWithResolvers<void> | undefined
  #ended = false
  #failure: Error | undefined

  /** Whether all came and was read. */
  get ended(): boolean {
    return this.#ended
  }

  write(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    this.#pieces = pieces
    this.#piece = 0
    this.#taken = 0
    this.#written = Promise.withResolvers()
    this.#read?.()
    return this.#written.promise
  }

  end(): void {
    this.#ended = true
    this.#read?.()
  }

  /** Nothing comes any more: who waits hears of it. What has come and was not read is dropped. */
  fail(reason: Error): void {
    this.#failure ??= reason
    this.#written?.reject(reason)
    this.#written = undefined
    this.#read?.()
  }

  /** What is at hand, or comes next: the number of bytes, 0 at the end. */
  async read(into: Uint8Array): Promise<number> {
    if (into.length === 0) return 0
    while (this.#written === undefined && !this.#ended && this.#failure === undefined)
      await new Promise<void>((resolve) => (this.#read = resolve))
    this.#read = undefined
    if (this.#failure !== undefined) throw this.#failure
    return this.#written === undefined ? 0 : this.#copy(into)
  }

  #copy(into: Uint8Array): number {
    let filled = 0
    for (;;) {
      const piece = this.#pieces[this.#piece]
      if (piece === undefined) break
      const part = piece.subarray(this.#taken, this.#taken + into.length - filled)
      into.set(part, filled)
      filled += part.length
      this.#taken += part.length
      if (this.#taken < piece.length) return filled
      this.#piece += 1
      this.#taken = 0
    }
    this.#pieces = []
    const written = this.#written
    this.#written = undefined
    written?.resolve()
    return filled
  }
}
