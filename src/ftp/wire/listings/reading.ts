import { dayMs } from '../../../core/day.ts'
import { monthOf } from './month-of.ts'
import { fullYear, isDay, Years } from './year.ts'

/** How numbers stand in a date: month first as in the United States, day first as in most of the world. */
type Order = 'month-first' | 'day-first' | 'year-first'

/** Which list a heading announced: datasets, members, modules or jobs of z/OS, files, directories or links of VOS, names of TOPS-20. */
export type Heading =
  | 'datasets'
  | 'members'
  | 'load-modules'
  | 'jobs'
  | 'spool-files'
  | 'files'
  | 'directories'
  | 'links'
  | 'tops-20'

/** What is known of a listing while its lines are read. */
export class Reading {
  readonly #years: Years
  heading: Heading | undefined
  /** Whether something was taken for granted that a later line may contradict. */
  assumed = false
  /** By the sign between the numbers: who writes points writes the day first. */
  readonly #orders = new Map<string, Order>()
  /** Orders that are likely, as another one would lead into the future; what is proven goes before. */
  readonly #likely = new Map<string, Order>()
  readonly #tomorrow: Day
  #contradicted = false
  #describes = false
  #countsBlocks = false
  #croatian = false
  #clocksEnd = false
  #yearsEnd = false
  #before = ''

  constructor(now: number) {
    this.#years = new Years(now)
    const tomorrow = new Date(now + dayMs)
    this.#tomorrow = {
      year: tomorrow.getUTCFullYear(),
      month: tomorrow.getUTCMonth() + 1,
      day: tomorrow.getUTCDate(),
    }
  }

  /** Whether a later line proved another order than an earlier one was read in. */
  get isContradicted(): boolean {
    return this.#contradicted && this.assumed
  }

  /** The same; asking forgets it. */
  takeContradiction(): boolean {
    const contradicted = this.isContradicted
    this.#contradicted = false
    this.assumed = false
    this.#before = ''
    return contradicted
  }

  /** Whether descriptions stand behind the names. */
  get describes(): boolean {
    return this.#describes
  }

  /** A line showed it: what came before is read again. */
  learnDescriptions(): void {
    if (this.#describes) return
    this.#describes = true
    this.#contradicted = true
    this.assumed = true
  }

  /** Whether lines are names and blocks. */
  get countsBlocks(): boolean {
    return this.#countsBlocks
  }

  /** The line below them showed it: what came before is read again. */
  learnBlocks(): void {
    if (this.#countsBlocks) return
    this.#countsBlocks = true
    this.#contradicted = true
    this.assumed = true
  }

  /** Whether dates end in a time of 24 hours, as a line showed: AM or PM behind one begins a name. */
  get clocksEnd(): boolean {
    return this.#clocksEnd
  }

  /** Whether dates end in a year or in a time, as `ls` has it, and not in both: a time behind a year begins a name. */
  get yearsEnd(): boolean {
    return this.#yearsEnd
  }

  /** The date of a line ended in a time of 24 hours. */
  learnClock(): void {
    if (this.#clocksEnd) return
    this.#clocksEnd = true
    this.#contradicted = true
  }

  /** The date of a line was a day with a year or a time, and no more. */
  learnYear(): void {
    if (this.#yearsEnd) return
    this.#yearsEnd = true
    this.#contradicted = true
  }

  /** Whether the file of the line before had this name too: an older version of it. */
  sameAsBefore(name: string): boolean {
    const same = this.#before === name
    this.#before = name
    return same
  }

  /** Year, month and day of three numbers in the order that this listing has; undefined: they are no date. */
  dayOf(first: number, second: number, third: number, separator: string): Day | undefined {
    // Whoever writes years of four digits has said nothing of those with two.
    if (first > 99) return checked(first, second, third)
    const known = this.#orders.get(separator)
    const usual = separator === '.' ? 'day-first' : 'month-first'
    const proven = provenBy(first, second, known)
    if (proven !== undefined) {
      const day = inOrder(proven, first, second, third)
      if (day !== undefined && known === undefined) this.#learn(separator, proven)
      return day
    }
    if (known !== undefined) return inOrder(known, first, second, third)
    this.assumed = true
    const likely = this.#likely.get(separator) ?? usual
    const day = inOrder(likely, first, second, third)
    if (day !== undefined && !isLater(day, this.#tomorrow)) return day
    // Nobody has files of next year: read in this order it is a date of another one.
    const other = orders.find((order) => {
      const past = inOrder(order, first, second, third)
      return past !== undefined && !isLater(past, this.#tomorrow)
    })
    if (other === undefined || this.#likely.has(separator)) return day
    this.#likely.set(separator, other)
    this.#contradicted = true
    return inOrder(other, first, second, third)
  }

  /** 1 to 12 for a word that names a month; 0 for others. */
  monthOf(word: string): number {
    const month = monthOf(word)
    if (month < 1 || word.length < 3 || word.length > 8) return month
    const name = word.slice(0, 3).toLowerCase()
    if (croatianAlone.has(name) && !this.#croatian) {
      this.#croatian = true
      this.#contradicted = true
    }
    const croatian = croatianToo.get(name)
    if (croatian === undefined) return month
    if (this.#croatian) return croatian
    this.assumed = true
    return month
  }

  /** The year of a date that was written without one. */
  yearOf(month: number, day: number, clockMs: number): number {
    return this.#years.of(month, day, clockMs)
  }

  #learn(separator: string, order: Order): void {
    this.#orders.set(separator, order)
    this.#contradicted = true
  }
}

/** Beginnings of months in Croatian, and of those that are other months in Polish and Czech. */
const croatianAlone = new Set(['sij', 'vel', 'ožu', 'svi', 'kol', 'ruj'])
const croatianToo = new Map([
  ['lip', 6],
  ['srp', 7],
  ['lis', 10],
])

/** A day of the calendar. */
export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** No month is larger than 12, no day larger than 31. */
function provenBy(first: number, second: number, known: Order | undefined): Order | undefined {
  if (first > 31) return 'year-first'
  if (first > 12) return known === 'year-first' ? known : 'day-first'
  return second > 12 ? 'month-first' : undefined
}

const orders: readonly Order[] = ['month-first', 'day-first', 'year-first']

function inOrder(order: Order, first: number, second: number, third: number): Day | undefined {
  if (order === 'year-first') return checked(fullYear(first), second, third)
  return order === 'day-first'
    ? checked(fullYear(third), second, first)
    : checked(fullYear(third), first, second)
}

function isLater(day: Day, than: Day): boolean {
  if (day.year !== than.year) return day.year > than.year
  return day.month === than.month ? day.day > than.day : day.month > than.month
}

function checked(year: number, month: number, day: number): Day | undefined {
  return isDay(year, month, day) ? { year, month, day } : undefined
}
