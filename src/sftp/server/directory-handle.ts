import type { Rows } from '../../core/rows.ts'
import type { ListedNames } from './listed-names.ts'

/** A directory that a client reads answer by answer. */
export class DirectoryHandle {
  readonly kind = 'directory'
  readonly #batches: AsyncIterator<Rows>
  #first: Rows | undefined
  readonly #parts: ListedNames[] = []
  #done = false

  /** `first` was there when it was opened. */
  constructor(first: Rows, batches: AsyncIterator<Rows>) {
    this.#first = first
    this.#batches = batches
  }

  /** What the next answer tells; undefined: all is told. What is not there yet is not waited for where something is. */
  async next(list: (rows: Rows) => readonly ListedNames[]): Promise<ListedNames | undefined> {
    while (this.#parts.length === 0) {
      const rows = this.#first ?? (await this.#batch())
      this.#first = undefined
      if (rows === undefined) return undefined
      this.#parts.push(...list(rows))
    }
    return this.#parts.shift()
  }

  async close(): Promise<void> {
    this.#done = true
    this.#parts.length = 0
    await this.#batches.return?.()
  }

  async #batch(): Promise<Rows | undefined> {
    if (this.#done) return undefined
    const next = await this.#batches.next()
    this.#done = next.done === true
    return next.done === true ? undefined : next.value
  }
}
