import type { End } from './end.ts'
import { listBoth, type BothListed, type IsAlike } from './list-both.ts'
import { listing } from './walk.ts'

/** A directory that a plan will come to, and where it is. */
export interface Coming {
  readonly name: string
  readonly from: End
  /** undefined: the target has no such directory. */
  readonly to: End | undefined
}

/** So many directories are listed before the plan comes to them: listing one is mostly waiting for the other side. */
const mostAhead = 8

/**
 * Lists the directories in one directory, in their order and a few of them ahead. What is kept does not grow with the number
 * of directories, only with their depth.
 */
export class ListingAhead {
  readonly #coming: readonly Coming[]
  readonly #isAlike: IsAlike
  readonly #listed: Promise<BothListed>[] = []
  #first = 0

  constructor(coming: readonly Coming[], isAlike: IsAlike) {
    this.#coming = coming
    this.#isAlike = isAlike
  }

  /** What is in a directory. Those before it that nobody has asked for are forgotten. */
  take(name: string): Promise<BothListed> {
    while (this.#coming[this.#first]?.name !== name) this.#drop()
    this.#fill()
    const [listed] = this.#listed
    if (listed === undefined) throw new Error(`nobody said that ${name} comes`)
    this.#drop()
    this.#fill()
    return listed
  }

  #drop(): void {
    if (this.#first >= this.#coming.length) throw new Error('the directories were asked for in another order')
    this.#first += 1
    void this.#listed.shift()
  }

  #fill(): void {
    while (this.#listed.length < mostAhead) {
      const coming = this.#coming[this.#first + this.#listed.length]
      if (coming === undefined) return
      const { from, to } = coming
      const there = to === undefined ? none() : listing(to.store, to.path)
      const listed = listBoth(listing(from.store, from.path), there, this.#isAlike)
      // Who takes it hears of it; until then its failure must not count as one that nobody heard.
      listed.catch(() => undefined)
      this.#listed.push(listed)
    }
  }
}

async function* none(): AsyncGenerator<never> {}
