import { ProtocolError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'

/** More files than this lie in no directory that a person keeps, and hardly fit into memory. */
const usualLines = 2_000_000

const mostBytes = 1024 * 1024 * 1024

/** How much of one listing is taken: a server may send lines, or one line, without end. */
export class ListingBudget {
  readonly #path: Path
  readonly #most: number
  #lines = 0
  #bytes = 0

  constructor(path: Path, most = usualLines) {
    this.#path = path
    this.#most = most
  }

  /** Counts what came. Throws once it is too much. */
  spend(bytes: number, lines: number): void {
    this.#bytes += bytes
    this.#lines += lines
    if (this.#lines > this.#most) throw this.#exceeded(`more than ${this.#most} lines`)
    if (this.#bytes > mostBytes) throw this.#exceeded('more than 1 GiB')
  }

  #exceeded(what: string): ProtocolError {
    return new ProtocolError(`the listing of ${this.#path} has ${what}: no more of it is taken`, {
      facts: { path: this.#path, phase: 'data', retryable: false, connectionUsable: false },
    })
  }
}
