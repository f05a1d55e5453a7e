import type { Clock } from '../core/clock.ts'
import type { Events, ServerEvent } from '../core/event.ts'

/** One thing that happened in a session. */
export interface Recorded {
  /** Milliseconds since the session began. */
  readonly ms: number
  readonly event: ServerEvent
}

/** What is kept of a session. */
export interface Recording {
  readonly session: string
  readonly began: number
  readonly events: readonly Recorded[]
  /** How many more there were. */
  readonly lost: number
}

/** Of a longer session the beginning and the latest are kept. */
const mostEvents = 400

/** Keeps the last sessions with their dialogue, in which passwords are masked already. */
export class Recorder implements Events {
  readonly #clock: Clock
  readonly #sessions = new Map<string, { began: number; ticks: number; events: Recorded[]; lost: number }>()
  most: number

  constructor(clock: Clock, most: number) {
    this.#clock = clock
    this.most = most
  }

  emit(event: ServerEvent): void {
    const session = 'session' in event ? event.session : undefined
    if (session === undefined || this.most === 0) return
    const ticks = this.#clock.ticks()
    let known = this.#sessions.get(session)
    if (known === undefined) {
      known = { began: this.#clock.now(), ticks, events: [], lost: 0 }
      this.#sessions.set(session, known)
      for (const oldest of this.#sessions.keys()) {
        if (this.#sessions.size <= this.most) break
        this.#sessions.delete(oldest)
      }
    }
    known.events.push({ ms: Math.round(ticks - known.ticks), event })
    if (known.events.length <= mostEvents) return
    known.events.splice(mostEvents / 2, 1)
    known.lost += 1
  }

  of(session: string): Recording | undefined {
    const known = this.#sessions.get(session)
    if (known === undefined) return undefined
    const { began, events, lost } = known
    return { session, began, events, lost }
  }
}
