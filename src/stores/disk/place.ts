import type { ConfinedStore } from './store.ts'

/** A path that is shared: whoever comes sees the directory that it leads to by then, and stays in it. */
export class Place {
  readonly #open: (place: Place) => Promise<ConfinedStore>
  #newest: ConfinedStore | undefined
  #opening: Promise<ConfinedStore> | undefined

  /** `open` opens what the path leads to. */
  constructor(open: (place: Place) => Promise<ConfinedStore>) {
    this.#open = open
  }

  /** Rejects where the path leads nowhere. */
  async now(): Promise<ConfinedStore> {
    const newest = this.#newest
    if (newest !== undefined && (await newest.isStill())) return newest
    this.#opening ??= this.#openAnew()
    return this.#opening
  }

  /** Waits for what is under way in the newest, and lets go of it. */
  async close(): Promise<void> {
    await this.#newest?.letGo()
  }

  async #openAnew(): Promise<ConfinedStore> {
    try {
      return (this.#newest = await this.#open(this))
    } finally {
      this.#opening = undefined
    }
  }
}
