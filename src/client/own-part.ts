/** Asks how many bytes of the target are there; undefined: there is no such file, or nobody tells. */
export type AskSize = () => Promise<number | undefined>

/**
 * What one copy has sent to its target over all its attempts. A later attempt goes on behind that, and never behind what
 * somebody else has put there: a server that takes uploads aside shows the old file again when one has broken off.
 */
export class OwnPart {
  #before: number | undefined
  #begun = false
  #sure: number | undefined

  /** Where the next attempt may go on, of a file of this size; undefined: this is the first, or none has begun. */
  async place(size: number, ask: AskSize): Promise<number | undefined> {
    if (!this.#begun) {
      if (size >= worthGoingOn) this.#before = await ask()
      return undefined
    }
    if (size < worthGoingOn) return 0
    const there = await ask()
    return there === undefined || there === this.#before || there > size ? 0 : there
  }

  /** Up to where its bytes are known to be there; undefined: nobody knows but by the size. */
  get sure(): number | undefined {
    return this.#sure
  }

  /** It broke off, and whoever wrote it may know more than a size tells: before the end there may be holes. */
  broke(sure: number | undefined): void {
    this.#sure = sure
  }

  /** The target is open: what is there from now on is of this copy. */
  begin(): void {
    this.#begun = true
  }
}

/** Smaller files are sent again from their beginning: for them two more commands each would cost more. */
export const worthGoingOn = 1024 * 1024
