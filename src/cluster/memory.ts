import type { Clock } from '../core/clock.ts'
import type { Ledger } from '../core/ledger.ts'

interface Counter {
  readonly value: number
  /** undefined: for ever. */
  readonly until: number | undefined
}

/** The counters of a server that runs alone. A counter at 0 is not kept, so that they do not grow with the addresses seen. */
export function memoryLedger(clock: Clock): Ledger {
  const counters = new Map<string, Counter>()

  function current(key: string): Counter | undefined {
    const counter = counters.get(key)
    if (counter?.until === undefined || counter.until > clock.ticks()) return counter
    counters.delete(key)
    return undefined
  }

  function keep(key: string, counter: Counter): void {
    if (counter.value === 0) counters.delete(key)
    else counters.set(key, counter)
  }

  return {
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
