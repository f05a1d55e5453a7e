import type { Source } from '../source.ts'

/** What is written, for who sends it: a write resolves when all of it was taken. */
export class Feed implements Source {
  #pieces: Uint8Array[] = []
  #taken = 0
  #more: (() => void) | undefined
  #written: PromiseWithResolvers<void> | undefined
  #whole = false
  #failure: Error | undefined

  get atEnd(): boolean {
    return this.#whole && this.#pieces.length === 0
  }

  write(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    this.#pieces = pieces.filter(({ length }) => length > 0)
    if (this.#pieces.length === 0) return Promise.resolve()
    this.#written = Promise.withResolvers()
    this.#more?.()
    return this.#written.promise
  }

  /** Nothing more will be written. */
  finish(): void {
    this.#whole = true
    this.#more?.()
  }

  /** Nothing is sent any more: who waits to write hears of it. */
  fail(reason: Error): void {
    this.#failure ??= reason
    this.#written?.reject(reason)
    this.#written = undefined
    this.#pieces = []
  }

  take(into: Uint8Array): number {
    let filled = 0
    for (let piece = this.#pieces[0]; piece !== undefined && filled < into.length; piece = this.#pieces[0]) {
      const part = piece.subarray(this.#taken, this.#taken + into.length - filled)
      into.set(part, filled)
      filled += part.length
      this.#taken += part.length
      if (this.#taken < piece.length) break
      this.#pieces.shift()
      this.#taken = 0
    }
    if (this.#pieces.length === 0) {
      const written = this.#written
      this.#written = undefined
      written?.resolve()
    }
    return filled
  }

  async more(): Promise<void> {
    while (this.#pieces.length === 0 && !this.#whole)
      await new Promise<void>((resolve) => (this.#more = resolve))
  }

  async end(): Promise<void> {
    this.#more?.()
  }
}
