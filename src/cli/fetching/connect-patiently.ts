import { backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import { LoginError, NetworkError, type NetworkFault } from '../../core/error.ts'
import { pause } from '../../core/pause.ts'

/** How often a first connection is tried. */
export interface ConnectingHow {
  readonly clock: Clock
  readonly retries: number
  /** Whether somebody wants it to be tried again; else only a server that says that it is full is, as that passes. */
  readonly wanted: boolean
  readonly signal: AbortSignal
  readonly note: (text: string) => void
}

/** Connects, and does so again, later each time, where what went wrong may pass. */
export async function connectPatiently<Store>(
  { clock, retries, wanted, signal, note }: ConnectingHow,
  connect: () => Promise<Store>,
): Promise<Store> {
  for (let failed = 0; ; failed += 1) {
    try {
      return await connect()
    } catch (thrown) {
      const again = isFull(thrown) || (wanted && mayPass(thrown))
      if (!again || failed >= retries || signal.aborted) throw thrown
      const ms = backoffMs(failed)
      note(`${thrown.message}${replyOf(thrown)}; trying again in ${ms / 1000} s`)
      await pause(clock, ms, signal)
    }
  }
}

function isFull(thrown: unknown): thrown is LoginError | NetworkError {
  if (thrown instanceof LoginError) return thrown.facts.retryable === true
  return thrown instanceof NetworkError && thrown.facts.code === 421 && thrown.facts.retryable === true
}

const passing: ReadonlySet<NetworkFault> = new Set([
  'refused',
  'timeout',
  'unreachable',
  'reset',
  'closed',
  'failed',
])

function mayPass(thrown: unknown): thrown is NetworkError {
  return thrown instanceof NetworkError && thrown.facts.retryable !== false && passing.has(thrown.fault)
}

function replyOf({ facts: { reply } }: LoginError | NetworkError): string {
  return reply === undefined ? '' : ` (${reply})`
}
