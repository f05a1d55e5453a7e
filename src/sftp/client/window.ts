/** Enough to keep disks and ciphers busy where the way is short. */
const least = 2 * 1024 * 1024

/** What one file may hold in memory at most. */
export const mostWindow = 32 * 1024 * 1024

/** The rate that a long way is filled for, in bytes a millisecond: 400 MB/s. */
const rate = 400_000

/** How many bytes of one file may be under way: as much as a fast line carries in one round trip. */
export function windowFor(roundTripMs: number): number {
  if (!Number.isFinite(roundTripMs)) return least
  return Math.min(mostWindow, Math.max(least, Math.ceil(roundTripMs * rate)))
}
