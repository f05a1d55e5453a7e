import { ProtocolError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'

/** More files than this lie in no directory that a person keeps, and hardly fit into memory. */
const usualNames = 2_000_000

const mostLetters = 256 * 1024 * 1024

/** How much of one listing is taken: a server may answer READDIR without end. */
export class NameBudget {
  readonly #path: Path
  readonly #most: number
  #names = 0
  #letters = 0

  constructor(path: Path, most = usualNames) {
    this.#path = path
    this.#most = most
  }

  /** Counts a name that came. Throws once it is too much. */
  spend(name: string): void {
    this.#names += 1
    this.#letters += name.length
    if (this.#names > this.#most) throw this.#exceeded(`more than ${this.#most} names`)
    if (this.#letters > mostLetters) throw this.#exceeded('names of more than 256 MiB')
  }

  #exceeded(what: string): ProtocolError {
    return new ProtocolError(`the listing of ${this.#path} has ${what}: no more of it is taken`, {
      facts: { path: this.#path, phase: 'data', retryable: false, connectionUsable: true },
    })
  }
}
