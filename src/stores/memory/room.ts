import { FileError } from '../../core/error.ts'
import type { Space } from '../../core/store.ts'

/** How many bytes all files together may hold. A hole counts as if it were written. */
export class Room {
  readonly limit: number
  #used = 0

  constructor(limit: number) {
    this.limit = limit
  }

  /** Refuses with `full` what does not fit, and takes nothing then. */
  take(bytes: number): void {
    if (this.#used + bytes > this.limit) throw new FileError('full', 'the memory store is full')
    this.#used += bytes
  }

  give(bytes: number): void {
    this.#used -= bytes
  }

  space(): Space {
    return { total: this.limit, free: this.limit - this.#used }
  }
}
