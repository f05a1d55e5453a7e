import type { Database } from './database.ts'

/** Bans and scores in the database, as the rule of bans wants them. */
export function sqliteBans(database: Database) {
  return {
    bans: () =>
      database.all('SELECT * FROM bans ORDER BY network').map((row) => ({
        network: String(row['network']),
        ends: row['ends'] === null ? undefined : Number(row['ends']),
        reason: String(row['reason']),
      })),
    scores: () =>
      database.all('SELECT * FROM scores ORDER BY at').map((row) => ({
        address: String(row['address']),
        score: Number(row['score']),
        at: Number(row['at']),
      })),
    putBan({ network, ends, reason }: { network: string; ends: number | undefined; reason: string }) {
      database.run(
        'INSERT INTO bans (network, ends, reason) VALUES (?, ?, ?) ON CONFLICT (network) DO UPDATE SET ends = excluded.ends, reason = excluded.reason',
        network,
        ends === undefined ? null : Math.round(ends),
        reason,
      )
    },
    removeBan(network: string) {
      return database.run('DELETE FROM bans WHERE network = ?', network) === 1
    },
    putScore({ address, score, at }: { address: string; score: number; at: number }) {
      database.run(
        'INSERT INTO scores (address, score, at) VALUES (?, ?, ?) ON CONFLICT (address) DO UPDATE SET score = excluded.score, at = excluded.at',
        address,
        score,
        Math.round(at),
      )
    },
    removeScore(address: string) {
      database.run('DELETE FROM scores WHERE address = ?', address)
    },
  }
}
