/** Counters that every part of a server sees, and every node of a cluster. */
export interface Ledger {
  /** Adds when the sum stays at or under the ceiling: false when it would not, and nothing is added. */
  add(key: string, amount: number, ceiling?: number): Promise<boolean>
  /** 0 where nothing was added. */
  read(key: string): Promise<number>
  /** Sets a counter, for a while if `forMs` is given. */
  set(key: string, value: number, forMs?: number): Promise<void>
}
