import { createHmac, randomUUID } from 'node:crypto'
import type { Webhook } from '../config/config.ts'
import type { Clock, Timer } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import type { Database } from '../database/database.ts'

/** A webhook may take so long. */
const answerMs = 10_000

/** The longest pause between two tries; the first is a second, and each is twice the one before. */
const longestPauseMs = 3_600_000

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
  #hooks: readonly Webhook[]
  #timer: Timer | undefined
  #sending: Promise<void> | undefined
  #waiting: number
  #ended = false

  constructor(database: Database, clock: Clock, hooks: readonly Webhook[], failed: (text: string) => void) {
    this.#database = database
    this.#clock = clock
    this.#hooks = hooks
    this.#failed = failed
    this.#waiting = Number(database.one('SELECT count(*) AS n FROM outbox')?.['n'] ?? 0)
    this.#wake(0)
  }

  get waiting(): number {
    return this.#waiting
  }

  use(hooks: readonly Webhook[]): void {
    this.#hooks = hooks
    this.#wake(0)
  }

  emit(event: ServerEvent): void {
    if (event.kind === 'said' || event.kind === 'listening' || event.kind === 'bug') return
    for (const { url, events } of this.#hooks) {
      if (events !== undefined && !events.includes(event.kind)) continue
      this.#put(url, event)
    }
  }

  async end(): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    await this.#sending
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
      this.#wake(0)
    } catch (thrown) {
      this.#failed(`an event for a webhook could not be kept: ${asError(thrown).message}`)
    }
  }

  #wake(ms: number): void {
    if (this.#ended || this.#sending !== undefined) return
    this.#timer?.cancel()
    this.#timer = this.#clock.after(ms, () => {
      this.#sending = this.#sendDue()
        .catch((thrown: unknown) => this.#failed(`webhooks: ${asError(thrown).message}`))
        .then(() => {
          this.#sending = undefined
          this.#wakeForNext()
          return undefined
        })
    })
  }

  #wakeForNext(): void {
    if (this.#waiting === 0) return
    const next = Number(this.#database.one('SELECT min(due) AS due FROM outbox')?.['due'] ?? 0)
    // A clock that jumped back must not make it wait for years.
    this.#wake(Math.min(Math.max(next - this.#clock.now(), 0), longestPauseMs))
  }

  async #sendDue(): Promise<void> {
    const rows = this.#database.all(
      'SELECT * FROM outbox WHERE due <= ? ORDER BY due LIMIT 50',
      Math.round(this.#clock.now()),
    )
    for (const row of rows) {
      if (this.#ended) return
      const [id, url] = [String(row['id']), String(row['url'])]
      const hook = this.#hooks.find((one) => one.url === url)
      // Nobody wants it any more.
      const taken = hook === undefined || (await this.#send(hook, id, String(row['body'])))
      if (taken) {
        this.#waiting -= this.#database.run('DELETE FROM outbox WHERE id = ?', id)
        continue
      }
      const tries = Number(row['tries']) + 1
      const due = Math.round(this.#clock.now() + Math.min(1000 * 2 ** (tries - 1), longestPauseMs))
      this.#database.run('UPDATE outbox SET tries = ?, due = ? WHERE id = ?', tries, due, id)
    }
  }

  async #send({ url, secret }: Webhook, id: string, body: string): Promise<boolean> {
    const signature =
      secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex')
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-ferry-event': id,
          ...(signature === undefined ? {} : { 'x-ferry-signature': `sha256=${signature}` }),
        },
        signal: AbortSignal.timeout(answerMs),
        redirect: 'error',
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false // It is tried again.
    }
  }
}
