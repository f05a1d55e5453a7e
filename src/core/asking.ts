import { backoffMs } from './backoff.ts'
import type { Clock } from './clock.ts'
import { IncompleteError, NetworkError, triedOut } from './error.ts'
import { pause } from './pause.ts'

/** How often a question is asked again, and what ends the waiting. */
interface AskingHow {
  readonly clock: Clock
  /** 3 times if not said. */
  readonly retries: number | undefined
  readonly signal: AbortSignal | undefined
  /** Whether nobody asks any more, as all was ended. */
  readonly isEnded: () => boolean
  readonly said: (line: string) => void
}

/** A question that changes nothing over there, and is asked again, later each time, where its connection broke. */
export class Asking {
  readonly #how: AskingHow
  #attempt = 0

  constructor(how: AskingHow) {
    this.#how = how
  }

  /** Asks until there is an answer, or trouble that does not pass. */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await question()
      } catch (thrown) {
        await this.after(thrown)
      }
    }
  }

  /** Waits until it may be asked again, or throws what was thrown. */
  async after(thrown: unknown): Promise<void> {
    const { clock, retries = 3, signal, isEnded, said } = this.#how
    if (signal?.aborted === true || isEnded() || !mayPass(thrown)) throw thrown
    if (this.#attempt >= retries) throw retries > 0 ? triedOut(thrown) : thrown
    said(`asking again, with another session (${thrown.message})`)
    await pause(clock, backoffMs(this.#attempt), signal).catch(() => {
      throw new NetworkError('aborted', 'stopped')
    })
    this.#attempt += 1
  }
}

/** Whether asking again may help. Where the session can still be used (a firewall lets no data through, say) it would give the same. */
function mayPass(thrown: unknown): thrown is NetworkError | IncompleteError {
  if (thrown instanceof IncompleteError) return thrown.facts.retryable === true
  if (!(thrown instanceof NetworkError) || thrown.fault === 'aborted') return false
  return thrown.facts.retryable !== false && thrown.facts.connectionUsable !== true
}
