import type { Ledger } from '../core/ledger.ts'

/** A ledger that remembers what one member has, to take it back when that member is no more. */
export interface Leases extends Ledger {
  /** Takes back all that the member added and did not give back itself. */
  giveBack(): Promise<void>
}

/** Counts for one member of a server in a ledger of all. What is set is nobody's in particular and stays. */
export function leases(ledger: Ledger): Leases {
  const held = new Map<string, number>()
  let over = false

  function hold(key: string, amount: number): void {
    const sum = (held.get(key) ?? 0) + amount
    if (sum === 0) held.delete(key)
    else held.set(key, sum)
  }

  return {
    async add(key, amount, ceiling) {
      if (over) return false
      const added = await ledger.add(key, amount, ceiling)
      if (!added) return false
      if (!over) hold(key, amount)
      // It went while it was counted: nobody will give it back.
      else await ledger.add(key, -amount)
      return added
    },
    read: (key) => ledger.read(key),
    async set(key, value, forMs) {
      held.delete(key)
      await ledger.set(key, value, forMs)
    },
    async giveBack() {
      over = true
      for (const [key, amount] of held) await ledger.add(key, -amount)
      held.clear()
    },
  }
}
