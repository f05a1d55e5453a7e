import { fullYear, isDay, yearOf } from './year.ts'

/** How numbers stand in a date: month first as in the United States, day first as in most of the world. */
type Order = 'month-first' | 'day-first' | 'year-first'

/** Which list of datasets, members, modules or jobs a heading announced. */
type Heading = 'datasets' | 'members' | 'load-modules' | 'jobs' | 'spool-files' | 'guardian' | 'vxworks'

/** What is known of a listing while its lines are read. */
export class Reading {
  /** The time at the reader's place, for dates without a year. */
  readonly now: number
  heading: Heading | undefined
  /** Whether an order was taken for granted. */
  assumed = false
  #order: Order | undefined
  #contradicted = false

  constructor(now: number) {
    this.now = now
  }

  /** Whether a later line proved another order than an earlier one was read in; asking forgets it. */
  takeContradiction(): boolean {
    const contradicted = this.#contradicted && this.assumed
    this.#contradicted = false
    this.assumed = false
    return contradicted
  }

  /** Year, month and day of three numbers in the order that this listing has; undefined: they are no date. */
  dayOf(first: number, second: number, third: number, separator: string): Day | undefined {
    const usual = separator === '.' ? 'day-first' : 'month-first'
    if (first > 31) return checked(fullYear(first), second, third, () => this.#learn('year-first'))
    if (first > 12) {
      if (this.#order === 'year-first') return checked(fullYear(first), second, third)
      return checked(fullYear(third), second, first, () => this.#learn('day-first'))
    }
    if (second > 12) return checked(fullYear(third), first, second, () => this.#learn('month-first'))
    const order = this.#order ?? usual
    if (this.#order === undefined) this.assumed = true
    if (order === 'year-first') return checked(fullYear(first), second, third)
    return order === 'day-first'
      ? checked(fullYear(third), second, first)
      : checked(fullYear(third), first, second)
  }

  /** The year of a date that was written without one. */
  yearOf(month: number, day: number, clockMs: number): number {
    const minutes = Math.floor(clockMs / 60_000)
    return yearOf(month, day, Math.floor(minutes / 60), minutes % 60, this.now)
  }

  #learn(order: Order): void {
    if (this.#order === order) return
    this.#order ??= order
    this.#contradicted = true
  }
}

/** A day of the calendar. */
export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

function checked(year: number, month: number, day: number, good?: () => void): Day | undefined {
  if (!isDay(year, month, day)) return undefined
  good?.()
  return { year, month, day }
}
