import type { Entry } from '../../core/store.ts'

/** A directory that a client reads in parts of its own size. */
export class DirectoryHandle {
  readonly kind = 'directory'
  readonly #batches: AsyncIterator<readonly Entry[]>
  #entries: readonly Entry[]
  #at = 0
  #done = false

  /** `first` are entries that come before all others. */
  constructor(first: readonly Entry[], batches: AsyncIterator<readonly Entry[]>) {
    this.#entries = first
    this.#batches = batches
  }

  /** The next entries, as long as `fits` says so; at least one, if there are any. */
  async take(fits: (entry: Entry) => boolean): Promise<boolean> {
    let any = false
    for (;;) {
      const entry = await this.#current()
      if (entry === undefined) return any
      if (!fits(entry)) return true
      this.#at += 1
      any = true
      // What is not there yet would have to be waited for: better to tell what is.
      if (this.#at === this.#entries.length) return true
    }
  }

  async close(): Promise<void> {
    this.#done = true
    this.#entries = []
    await this.#batches.return?.()
  }

  async #current(): Promise<Entry | undefined> {
    while (this.#at === this.#entries.length) {
      if (this.#done) return undefined
      const next = await this.#batches.next()
      if (next.done === true) {
        this.#done = true
        return undefined
      }
      this.#entries = next.value
      this.#at = 0
    }
    return this.#entries[this.#at]
  }
}
