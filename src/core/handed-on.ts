import type { Entry } from './store.ts'

/** Of more entries than this it is not kept which they were: they are 20 MB. */
const mostKept = 100_000

/** What of a listing has been handed on, so that a listing of the same directory that is begun anew tells only the others. */
export class HandedOn {
  #batches: (readonly Entry[])[] = []
  #count = 0
  #names: Set<string> | undefined

  /** Whether the listing may be begun anew. */
  get isKnown(): boolean {
    return this.#count <= mostKept
  }

  /** The listing begins anew. */
  again(): void {
    this.#names = new Set(this.#batches.flatMap((batch) => batch.map(({ name }) => name)))
  }

  /** What of a batch is to be handed on now. */
  next(batch: readonly Entry[]): readonly Entry[] {
    const names = this.#names
    const others = names === undefined ? batch : batch.filter(({ name }) => !names.has(name))
    this.#count += others.length
    if (this.isKnown) this.#batches.push(others)
    else this.#batches = []
    return others
  }
}
