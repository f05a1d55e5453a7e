import type { Clock } from '../core/clock.ts'
import type { Ledger } from '../core/ledger.ts'

interface Counter {
  readonly value: number
  /** undefined: for ever. */
  readonly until: number | undefined
}

/** Counters of this process, and how many there are. */
export interface MemoryLedger extends Ledger {
  readonly size: number
}

/** So many counters may have run out and be kept. */
const mostOver = 1000

/**
 * The counters of a server that runs alone. One that is at 0 or has run out is not kept, so that they do not grow with
 * the addresses seen.
 */
export function memoryLedger(clock: Clock): MemoryLedger {
  const counters = new Map<string, Counter>()
  let sweepAt = mostOver

  function isOver(counter: Counter): boolean {
    return counter.until !== undefined && counter.until <= clock.ticks()
  }

  function current(key: string): Counter | undefined {
    const counter = counters.get(key)
    return counter === undefined || isOver(counter) ? undefined : counter
  }

  function keep(key: string, counter: Counter): void {
    if (counter.value === 0) counters.delete(key)
    else counters.set(key, counter)
    if (counters.size > sweepAt) sweep()
  }

  /** At twice what was left the last time, so that each counter is looked at a few times at most. */
  function sweep(): void {
    for (const [key, counter] of counters) if (isOver(counter)) counters.delete(key)
    sweepAt = Math.max(mostOver, counters.size * 2)
  }

  return {
    get size() {
      return counters.size
    },
    async add(key, amount, ceiling = Number.POSITIVE_INFINITY) {
      const counter = current(key)
      const value = (counter?.value ?? 0) + amount
      if (amount > 0 && value > ceiling) return false
      keep(key, { value, until: counter?.until })
      return true
    },
    async read(key) {
      return current(key)?.value ?? 0
    },
    async set(key, value, forMs) {
      keep(key, { value, until: forMs === undefined ? undefined : clock.ticks() + forMs })
    },
  }
}
