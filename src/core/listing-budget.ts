import { ProtocolError } from './error.ts'
import type { Path } from './path.ts'

/** What a listing is made of, and how much of that is taken. */
export interface ListingLimits {
  readonly of: 'lines' | 'names'
  /** 2,000,000 if not said: more files than this lie in no directory that a person keeps, and hardly fit into memory. */
  readonly most: number | undefined
  readonly mostMebibytes: number
  /** Whether what is left of it can be declined, and the session goes on. */
  readonly canDecline: boolean
}

const usual = 2_000_000

/** How much of one listing is taken: a server may send lines, one line, or answers to READDIR without end. */
export class ListingBudget {
  readonly #path: Path
  readonly #limits: ListingLimits
  #count = 0
  #size = 0

  constructor(path: Path, limits: ListingLimits) {
    this.#path = path
    this.#limits = limits
  }

  /** Counts what came. Throws once it is too much. */
  spend(size: number, count: number): void {
    const { of, most = usual, mostMebibytes } = this.#limits
    this.#size += size
    this.#count += count
    if (this.#count > most) throw this.#exceeded(`${most} ${of}`)
    if (this.#size > mostMebibytes * 1024 * 1024) throw this.#exceeded(`${mostMebibytes} MiB of ${of}`)
  }

  #exceeded(what: string): ProtocolError {
    return new ProtocolError(`the listing of ${this.#path} has more than ${what}: no more of it is taken`, {
      facts: {
        path: this.#path,
        phase: 'data',
        retryable: false,
        connectionUsable: this.#limits.canDecline,
      },
    })
  }
}
