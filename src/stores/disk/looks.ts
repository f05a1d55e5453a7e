import type { Clock } from '../../core/clock.ts'
import type { Held } from './confinement.ts'
import { DiskWatch, waitedForProcessor } from './disk-watch.ts'
import { Entries } from './entries.ts'
import type { LookThread } from './look-thread.ts'
import type { Owners } from './owners.ts'
import type { QuickCalls } from './quick-calls.ts'
import { quietWay } from './quiet-way.ts'
import type { Seen } from './seen.ts'

/** So many names make the quick way quicker. */
const worthPreparing = 100
/** Behind so many names a thread is worth asking, and is asked for so many batches at once. */
const worthThread = 3000
const mostAhead = 3
/** A thousand names that take so long wait for the disk: the thread pool waits for several at once. */
const slowBatchMs = 100

/** What listings have in common. */
export interface ListingTools {
  readonly owners: Owners
  readonly clock: Clock
  readonly thread: LookThread
  readonly calls: QuickCalls
}

/** How the names of one directory are looked at: quickly where that is safe, beside the event loop where there are many. */
export class Looks {
  readonly #held: Held
  readonly #tools: ListingTools
  readonly #entries: Entries
  #looked = 0
  #mayBeQuicker: boolean
  #mayUseThread: boolean
  #way: { readonly path: string; readonly proof: () => string | undefined } | undefined

  /** `isLocal`: the system answers for the disk, and nobody else. */
  constructor(held: Held, tools: ListingTools, isLocal: boolean) {
    this.#held = held
    this.#tools = tools
    this.#entries = new Entries(tools.owners, tools.clock, new DiskWatch(tools.clock, waitedForProcessor))
    this.#mayBeQuicker = isLocal
    this.#mayUseThread = isLocal && typeof held.at === 'string'
  }

  /** How many batches may be looked at while one is given away. */
  get ahead(): number {
    return this.#usesThread ? mostAhead : 0
  }

  /** Looks by the plain path, and again through the descriptor where the way was not quiet. */
  async look(names: readonly string[]): Promise<Seen> {
    // Small directories, which are most, do not pay for the preparations of the quick way.
    if (this.#mayBeQuicker && names.length > worthPreparing) await this.#prepare()
    this.#looked += names.length
    const way = this.#way
    const before = way?.proof()
    if (way === undefined || before === undefined) return this.#lookIn(this.#held.at, names)
    const found = await this.#lookIn(way.path, names)
    return way.proof() === before ? found : this.#lookIn(this.#held.at, names)
  }

  async #prepare(): Promise<void> {
    this.#mayBeQuicker = false
    const path = await this.#held.hostPath()
    if (path?.isWellFormed() === true)
      this.#way = { path, proof: quietWay(path, this.#held.stats, this.#tools.clock) }
  }

  get #usesThread(): boolean {
    return this.#mayUseThread && this.#looked >= worthThread && this.#tools.thread.ready
  }

  async #lookIn(at: Held['at'], names: readonly string[]): Promise<Seen> {
    if (this.#usesThread && typeof at === 'string') {
      const looked = await this.#tools.thread.look(at, names, this.#tools.owners)
      if (looked === undefined || looked.ms > slowBatchMs) this.#mayUseThread = false
      if (looked !== undefined) return looked.seen
    }
    return this.#entries.look(at, names)
  }
}
