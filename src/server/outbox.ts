import { randomUUID } from 'node:crypto'
import type { Webhook } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import type { Database } from '../database/database.ts'
import { OutboxLane } from './outbox-lane.ts'

/** So many events wait at most; what comes then is told in the log. */
const mostWaiting = 100_000

/**
 * Tells webhooks of events. Each event is in the database before anything is sent and until it was taken, so that it
 * comes once or more often, and is never lost; its id tells the same one again.
 */
export class Outbox implements Events {
  readonly #database: Database
  readonly #clock: Clock
  readonly #failed: (text: string) => void
  readonly #lanes = new Map<string, OutboxLane>()
  #hooks: readonly Webhook[] = []
  #waiting: number

  constructor(database: Database, clock: Clock, hooks: readonly Webhook[], failed: (text: string) => void) {
    this.#database = database
    this.#clock = clock
    this.#failed = failed
    this.#waiting = Number(database.one('SELECT count(*) AS n FROM outbox')?.['n'] ?? 0)
    this.use(hooks)
  }

  get waiting(): number {
    return this.#waiting
  }

  use(hooks: readonly Webhook[]): void {
    this.#hooks = hooks
    const wanted = new Map(hooks.map((hook) => [hook.url, hook]))
    for (const [url, lane] of this.#lanes) {
      if (wanted.has(url)) continue
      this.#lanes.delete(url)
      void lane.end()
    }
    this.#dropOthers(wanted)
    for (const [url, hook] of wanted) this.#laneOf(url, hook).use(hook)
  }

  emit(event: ServerEvent): void {
    if (event.kind === 'said' || event.kind === 'listening' || event.kind === 'bug') return
    for (const { url, events } of this.#hooks) {
      if (events !== undefined && !events.includes(event.kind)) continue
      this.#put(url, event)
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.end()))
  }

  #laneOf(url: string, hook: Webhook): OutboxLane {
    let lane = this.#lanes.get(url)
    if (lane === undefined) {
      const taken = (rows: number): void => {
        this.#waiting -= rows
      }
      lane = new OutboxLane(this.#database, this.#clock, hook, { taken, failed: this.#failed })
      this.#lanes.set(url, lane)
    }
    return lane
  }

  /** Nobody wants to hear them any more. */
  #dropOthers(wanted: ReadonlyMap<string, Webhook>): void {
    try {
      for (const row of this.#database.all('SELECT DISTINCT url FROM outbox')) {
        const url = String(row['url'])
        if (!wanted.has(url)) this.#waiting -= this.#database.run('DELETE FROM outbox WHERE url = ?', url)
      }
    } catch (thrown) {
      this.#failed(`events that no webhook is told of any more stay: ${asError(thrown).message}`)
    }
  }

  #put(url: string, event: ServerEvent): void {
    if (this.#waiting >= mostWaiting)
      return this.#failed(`${mostWaiting} events wait for webhooks, one more is dropped`)
    const id = randomUUID()
    const now = this.#clock.now()
    const body = JSON.stringify({ id, time: new Date(now).toISOString(), event: event.kind, ...event })
    try {
      this.#database.run(
        'INSERT INTO outbox (id, url, body, due) VALUES (?, ?, ?, ?)',
        id,
        url,
        body,
        Math.round(now),
      )
      this.#waiting += 1
      this.#lanes.get(url)?.wake(0)
    } catch (thrown) {
      this.#failed(`an event for a webhook could not be kept: ${asError(thrown).message}`)
    }
  }
}
