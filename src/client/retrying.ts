import { backoffMs } from '../core/backoff.ts'
import type { Clock } from '../core/clock.ts'
import { FileError, IncompleteError, NetworkError } from '../core/error.ts'
import { pause } from '../core/pause.ts'

/** How often something is tried again, and what ends the waiting. */
export interface Patience {
  readonly clock: Clock
  /** 3 times if not said. */
  readonly retries?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Does it again, later each time, as long as what went wrong may pass. It is told how often that was. */
export async function retrying<Result>(
  { clock, retries = 3, signal }: Patience,
  work: (failed: number) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (thrown) {
      signal?.throwIfAborted()
      if (attempt >= retries || !mayPass(thrown)) throw thrown
      await pause(clock, backoffMs(attempt), signal)
    }
  }
}

function mayPass(thrown: unknown): boolean {
  const known =
    thrown instanceof NetworkError || thrown instanceof IncompleteError || thrown instanceof FileError
  return known && thrown.facts.retryable === true && thrown.facts.triedOut !== true
}
