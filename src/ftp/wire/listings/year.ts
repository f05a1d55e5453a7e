const dayMs = 86_400_000

/**
 * The year of a date that was written without one: the last in which it is not later than a day from now, as the server
 * may be in any time zone. 29 February is looked for in leap years.
 */
export function yearOf(month: number, day: number, hour: number, minute: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  for (let year = thisYear + 1; year > thisYear - 9; year -= 1) {
    if (Date.UTC(year, month - 1, day, hour, minute) > now + dayMs) continue
    if (day < 29 || isDay(year, month, day)) return year
  }
  return thisYear
}

/** Whether there is such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  return day < 29 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}

/** A year of two digits as it was meant; OS/2 counts on from 99 to 100. */
export function fullYear(year: number): number {
  return year >= 1000 ? year : year < 70 ? 2000 + year : 1900 + year
}
