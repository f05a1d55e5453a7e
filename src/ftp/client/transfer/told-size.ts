import type { Path } from '../../../core/path.ts'

/** How long something that a server has told is still true for who asks the same next. */
const trueMs = 1000

/** What a server has just told of a file's size in passing, for who is about to ask: over a long way each question counts. */
export class ToldSize {
  #path: Path | undefined
  #size: number | undefined
  #at = 0
  #isTaken = false

  /** `undefined`: it told of none. */
  note(path: Path, size: number | undefined, now: number): void {
    this.#path = path
    this.#size = size
    this.#at = now
    this.#isTaken = false
  }

  /** What was told, once; undefined: nothing was. */
  take(path: Path, now: number): { readonly size: number | undefined } | undefined {
    if (this.#isTaken || !this.#isFresh(path, now)) return undefined
    this.#isTaken = true
    return { size: this.#size }
  }

  /** Whether there was no such file just now. */
  isMissing(path: Path, now: number): boolean {
    return this.#isFresh(path, now) && this.#size === undefined
  }

  /** Something is written: what was told is not true any more. */
  forget(): void {
    this.#path = undefined
  }

  #isFresh(path: Path, now: number): boolean {
    return this.#path === path && now - this.#at < trueMs
  }
}
