import type { ListedTime } from './listed.ts'

const quarterHour = 15 * 60_000
const furthest = 14 * 60 * 60_000

/** A time of a listing beside the exact one of the same file, as MDTM or MLST tells it in UTC. */
export interface TimePair {
  readonly listed: ListedTime
  readonly exact: Date
}

/**
 * What to add to the times of a listing to have UTC, in milliseconds: a whole number of quarter hours on which all pairs
 * agree. undefined where they disagree (summer time lies between them, or a clock is wrong) or tell nothing.
 */
export function zoneOffset(pairs: readonly TimePair[]): number | undefined {
  let agreed: number | undefined
  for (const { listed, exact } of pairs) {
    if (listed.zone === 'utc' || listed.precision === 'day') continue
    // What was written is cut, not rounded: the exact time is up to a minute later.
    const unit = listed.precision === 'minute' ? 60_000 : 1000
    const cut = Math.floor(exact.getTime() / unit) * unit
    const difference = cut - Math.floor(listed.ms / unit) * unit
    const offset = Math.round(difference / quarterHour) * quarterHour
    if (Math.abs(difference - offset) > 60_000 || Math.abs(offset) > furthest) return undefined
    if (agreed !== undefined && agreed !== offset) return undefined
    agreed = offset
  }
  return agreed === undefined ? undefined : agreed + 0
}
