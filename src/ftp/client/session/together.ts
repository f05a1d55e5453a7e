import type { Way } from './way.ts'

/** How long a server may take to answer the second of two commands when nobody knows yet whether it does. */
const firstPatienceMs = 5000

/**
 * Whether a server takes commands that are sent before the one in front of them is answered. RFC 959 forbids it to nobody, and
 * it spares a round trip for each; but some servers read one line of what has come and drop the rest, and firewalls that look
 * into FTP may cut it (Cisco's `inspect ftp strict`). So nothing is sent so that could not be done again alone, the first time
 * has little patience, and after trouble everything goes one by one.
 */
export class Together {
  #state: 'untried' | 'expected' | 'works' | 'fails' = 'untried'
  #reached: Way | undefined

  /** Whether what can be done again at no cost may go so, though nothing has yet. */
  get mayBegin(): boolean {
    return this.#state === 'expected' || this.#state === 'works'
  }

  /** Whether they have gone so, and were answered. */
  get hasWorked(): boolean {
    return this.#state === 'works'
  }

  /** By its greeting the server is one that is known to take them. */
  expect(): void {
    if (this.#state === 'untried') this.#state = 'expected'
  }

  get fails(): boolean {
    return this.#state === 'fails'
  }

  /** A transfer has begun by this way, so that it is known to lead somewhere. */
  reached(way: Way): void {
    this.#reached = way
  }

  hasReached(way: Way | undefined): boolean {
    return this.#reached === way
  }

  works(): void {
    if (this.#state !== 'fails') this.#state = 'works'
  }

  failed(): void {
    this.#state = 'fails'
  }

  patienceMs(silenceMs: number): number {
    return this.#state === 'works' ? silenceMs : Math.min(silenceMs, firstPatienceMs)
  }
}
