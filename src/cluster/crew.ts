import type { Clock, Timer } from '../core/clock.ts'
import { asError } from '../core/error.ts'

/** One who works until it ends, or is ended. */
export interface Member {
  /** Resolves when it is no more, with the reason. */
  readonly ended: Promise<Error>
  end(): Promise<void>
}

export interface CrewOptions<Of extends Member> {
  readonly size: number
  readonly clock: Clock
  /** Starts the member of a place, and resolves when it works. */
  readonly start: (place: number) => Promise<Of>
  /** Told of a member that ended by itself, and when the next one of its place is started. */
  readonly lost: (member: Of, reason: Error, againInMs: number) => void
  /** Told of a start that failed, and when it is tried again. */
  readonly failed: (place: number, reason: Error, againInMs: number) => void
}

/** The pause before a start; each is twice the one before, until a member has worked for as long as the longest. */
const firstPauseMs = 1000
const longestPauseMs = 60_000

/** Some members, each in its place: who ends by itself is followed by another. */
export class Crew<Of extends Member> {
  readonly #options: CrewOptions<Of>
  readonly #members = new Map<number, Of>()
  readonly #pauses = new Map<number, number>()
  readonly #timers = new Map<number, Timer>()
  readonly #starting = new Set<Promise<void>>()
  #over = false

  private constructor(options: CrewOptions<Of>) {
    this.#options = options
  }

  /** Starts all of them; where one cannot be started, none is left. */
  static async begin<Of extends Member>(options: CrewOptions<Of>): Promise<Crew<Of>> {
    const crew = new Crew(options)
    const places = Array.from({ length: options.size }, (_, place) => place)
    const started = await Promise.allSettled(places.map((place) => crew.#start(place)))
    for (const one of started) {
      if (one.status === 'fulfilled') continue
      await crew.end()
      throw asError(one.reason)
    }
    return crew
  }

  /** Those that work now, in the order of their places. */
  get members(): readonly Of[] {
    return [...this.#members].toSorted(([one], [other]) => one - other).map(([, member]) => member)
  }

  /** From now on nobody follows who ends. */
  disband(): void {
    this.#over = true
    for (const timer of this.#timers.values()) timer.cancel()
  }

  /** Ends all. */
  async end(): Promise<void> {
    this.disband()
    await Promise.all(this.#starting)
    await Promise.all(this.members.map((member) => member.end()))
  }

  async #start(place: number): Promise<void> {
    const { clock, start, lost } = this.#options
    const member = await start(place)
    const since = clock.ticks()
    this.#members.set(place, member)
    const follow = (reason: Error): void => {
      this.#members.delete(place)
      if (this.#over) return
      if (clock.ticks() - since >= longestPauseMs) this.#pauses.delete(place)
      lost(member, reason, this.#startLater(place))
    }
    void member.ended.then(follow)
    if (this.#over) await member.end()
  }

  #startLater(place: number): number {
    const pause = this.#pauses.get(place) ?? firstPauseMs
    this.#pauses.set(place, Math.min(pause * 2, longestPauseMs))
    this.#timers.set(
      place,
      this.#options.clock.after(pause, () => {
        const starting = this.#start(place).catch((thrown: unknown) => {
          if (!this.#over) this.#options.failed(place, asError(thrown), this.#startLater(place))
        })
        this.#starting.add(starting)
        void starting.then(() => this.#starting.delete(starting))
      }),
    )
    return pause
  }
}
