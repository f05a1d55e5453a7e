import { dayMs } from '../../../core/day.ts'

/**
 * Finds the year of a date that was written without one: the last in which it is not later than a day from now, as the
 * server may be in any time zone. 29 February is looked for in leap years.
 */
export class Years {
  readonly #latest: number
  readonly #year: number
  /** Month and day of the latest moment that counts as past, as one number. */
  readonly #day: number

  constructor(now: number) {
    this.#latest = now + dayMs
    const latest = new Date(this.#latest)
    this.#year = latest.getUTCFullYear()
    this.#day = (latest.getUTCMonth() + 1) * 100 + latest.getUTCDate()
  }

  of(month: number, day: number, clockMs: number): number {
    const asked = month * 100 + day
    if (asked !== 229) {
      if (asked < this.#day) return this.#year
      if (asked > this.#day) return this.#year - 1
    }
    for (let year = this.#year; year > this.#year - 9; year -= 1) {
      if (startOf(year, month) + (day - 1) * dayMs + clockMs > this.#latest) continue
      if (isDay(year, month, day)) return year
    }
    return this.#year
  }
}

const starts = new Map<number, number>()
const mostStarts = 1200

/** The first moment of a month, in UTC. */
export function startOf(year: number, month: number): number {
  const key = year * 16 + month
  let start = starts.get(key)
  if (start === undefined) {
    const date = new Date(0)
    date.setUTCFullYear(year, month - 1, 1)
    start = date.getTime()
    if (starts.size >= mostStarts) starts.clear()
    starts.set(key, start)
  }
  return start
}

/** Whether there is such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  return day < 29 || day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** A year of two digits as it was meant; OS/2 counts on from 99 to 100. */
export function fullYear(year: number): number {
  return year >= 1000 ? year : year < 70 ? 2000 + year : 1900 + year
}
