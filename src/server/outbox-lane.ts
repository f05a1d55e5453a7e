import { createHmac } from 'node:crypto'
import type { Webhook } from '../config/config.ts'
import type { Clock, Timer } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Database } from '../database/database.ts'

/** Told of what became of the events of a lane. */
export interface LaneEnds {
  /** So many were taken, or are wanted by nobody. */
  readonly taken: (rows: number) => void
  readonly failed: (text: string) => void
}

/** A webhook may take so long. */
const answerMs = 10_000

/** The longest pause between two tries; the first is a second, and each is twice the one before. */
const longestPauseMs = 3_600_000

/** A database that takes nothing is asked again so much later: until then all would be sent twice. */
const troubleMs = 10_000

/** The way to one webhook, a lane of its own: one that never answers keeps no other waiting. */
export class OutboxLane {
  readonly #database: Database
  readonly #clock: Clock
  readonly #ends: LaneEnds
  readonly #stop = new AbortController()
  #hook: Webhook
  #timer: Timer | undefined
  /** Whether it took the last event; undefined: none was sent yet. */
  #works: boolean | undefined
  #sending: Promise<void> | undefined

  constructor(database: Database, clock: Clock, hook: Webhook, ends: LaneEnds) {
    this.#database = database
    this.#clock = clock
    this.#hook = hook
    this.#ends = ends
  }

  /** Signs from now on as this one says, and sends what is due. */
  use(hook: Webhook): void {
    this.#hook = hook
    this.wake(0)
  }

  /** Sends what is due in so long. */
  wake(ms: number): void {
    if (this.#stop.signal.aborted || this.#sending !== undefined) return
    this.#timer?.cancel()
    this.#timer = this.#clock.after(ms, () => {
      this.#sending = this.#round()
    })
  }

  /** What is being sent is given up, and sent again by the next process. */
  async end(): Promise<void> {
    this.#timer?.cancel()
    this.#stop.abort()
    await this.#sending
  }

  /** Never rejects. */
  async #round(): Promise<void> {
    let pauseMs: number | undefined
    try {
      await this.#sendDue()
      pauseMs = this.#untilNext()
    } catch (thrown) {
      this.#ends.failed(`webhooks: ${asError(thrown).message}`)
      pauseMs = troubleMs
    }
    this.#sending = undefined
    if (pauseMs !== undefined) this.wake(pauseMs)
  }

  /** undefined: nothing waits. */
  #untilNext(): number | undefined {
    const due = this.#database.one('SELECT min(due) AS due FROM outbox WHERE url = ?', this.#hook.url)?.[
      'due'
    ]
    if (due === null || due === undefined) return undefined
    const ms = Number(due) - this.#clock.now()
    return ms > longestPauseMs ? 0 : Math.max(ms, 0)
  }

  async #sendDue(): Promise<void> {
    const now = Math.round(this.#clock.now())
    // Nothing is ever put off for longer than the longest pause: what is due later was put there before the clock jumped back.
    const rows = this.#database.all(
      'SELECT * FROM outbox WHERE url = ? AND (due <= ? OR due > ?) ORDER BY due LIMIT 50',
      this.#hook.url,
      now,
      now + longestPauseMs,
    )
    for (const row of rows) {
      const id = String(row['id'])
      const trouble = await this.#send(id, String(row['body']))
      if (this.#stop.signal.aborted) return
      if (trouble === undefined) {
        this.#works = true
        this.#ends.taken(this.#database.run('DELETE FROM outbox WHERE id = ?', id))
        continue
      }
      const tries = Number(row['tries']) + 1
      this.#tell(trouble, tries)
      const due = Math.round(this.#clock.now() + Math.min(1000 * 2 ** (tries - 1), longestPauseMs))
      this.#database.run('UPDATE outbox SET tries = ?, due = ? WHERE id = ?', tries, due, id)
    }
  }

  /** Once, until it takes something again; and one event that it never takes is not told of with each try. The path of a URL may be a secret. */
  #tell(trouble: string, tries: number): void {
    if (this.#works === undefined || (this.#works && tries === 1))
      this.#ends.failed(
        `the webhook at ${new URL(this.#hook.url).host} takes no events, they wait: ${trouble}`,
      )
    this.#works = false
  }

  /** Why it was not taken; undefined: it was. */
  async #send(id: string, body: string): Promise<string | undefined> {
    const { url, secret } = this.#hook
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
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(answerMs)]),
        redirect: 'error',
      })
      await response.body?.cancel()
      return response.ok ? undefined : `it answers ${response.status}`
    } catch (thrown) {
      return whyUnheard(thrown)
    }
  }
}

/** What `fetch` says itself is only that it failed. */
function whyUnheard(thrown: unknown): string {
  const { name, message, cause } = asError(thrown)
  if (name === 'TimeoutError') return `it does not answer within ${answerMs / 1000} s`
  return cause === undefined ? message : asError(cause).message
}
