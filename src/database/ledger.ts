import type { Clock } from '../core/clock.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Database } from './database.ts'

/** Counters that outlive the process. Each change is one statement, so two programs cannot lose one another's. */
export function sqliteLedger(database: Database, clock: Clock): Ledger {
  const ended = 'ends IS NOT NULL AND ends <= ?'
  return {
    async add(key, amount, ceiling) {
      const now = clock.now()
      return database.atomically(() => {
        database.run(`DELETE FROM counters WHERE key = ? AND ${ended}`, key, now)
        const row = database.one('SELECT value FROM counters WHERE key = ?', key)
        const value = Number(row?.['value'] ?? 0) + amount
        if (amount > 0 && ceiling !== undefined && value > ceiling) return false
        put(key, value)
        return true
      })
    },
    async read(key) {
      const row = database.one(
        `SELECT value FROM counters WHERE key = ? AND NOT (${ended})`,
        key,
        clock.now(),
      )
      return Number(row?.['value'] ?? 0)
    },
    async set(key, value, forMs) {
      database.atomically(() => {
        database.run('DELETE FROM counters WHERE key = ?', key)
        put(key, value)
        if (forMs !== undefined)
          database.run('UPDATE counters SET ends = ? WHERE key = ?', Math.ceil(clock.now() + forMs), key)
      })
    },
  }

  /** What is 0 is not kept. */
  function put(key: string, value: number): void {
    if (value === 0) database.run('DELETE FROM counters WHERE key = ?', key)
    else
      database.run(
        'INSERT INTO counters (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        value,
      )
  }
}
