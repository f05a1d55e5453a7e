/** Work that goes on while the prompt is there. */
export interface Job {
  readonly id: number
  readonly text: string
  readonly started: number
  readonly ended: Promise<void>
  /** How many bytes have moved. */
  moved(): number
  stop(): void
}

/** What a job does until the signal ends it; it tells of bytes as they move. */
type Work = (signal: AbortSignal, moved: (bytes: number) => void) => Promise<void>

/** What runs in the background, and what waits in the queue for its turn. */
export class Jobs {
  readonly #running = new Map<number, Job>()
  readonly #queue: { readonly text: string; readonly run: Work }[] = []
  readonly #now: () => number
  readonly #tell: (line: string) => void
  #next = 1
  #queueRuns = false

  constructor(now: () => number, tell: (line: string) => void) {
    this.#now = now
    this.#tell = tell
  }

  get running(): readonly Job[] {
    return [...this.#running.values()]
  }

  get waiting(): readonly string[] {
    return this.#queue.map(({ text }) => text)
  }

  /** Starts work; its end is told. */
  start(text: string, run: Work): Job {
    const id = this.#next
    this.#next += 1
    const stop = new AbortController()
    let bytes = 0
    const work = async (): Promise<void> => {
      try {
        await run(stop.signal, (moved) => (bytes += moved))
        this.#tell(`[${id}] done: ${text}`)
      } catch {
        // What went wrong was told where it happened.
        this.#tell(`[${id}] ${stop.signal.aborted ? 'ended' : 'failed'}: ${text}`)
      } finally {
        this.#running.delete(id)
      }
    }
    // Registered before it begins: work may end at once.
    const gate = Promise.withResolvers<void>()
    const job: Job = {
      id,
      text,
      started: this.#now(),
      ended: gate.promise.then(work),
      moved: () => bytes,
      stop: () => stop.abort(),
    }
    this.#running.set(id, job)
    gate.resolve()
    return job
  }

  /** Puts work behind what waits already. One of the queue runs at a time. */
  enqueue(text: string, run: Work): void {
    this.#queue.push({ text, run })
    this.#advance()
  }

  /** Takes a waiting one out, counted from 1; all if none is said. */
  dequeue(place?: number): string[] {
    const taken = place === undefined ? this.#queue.splice(0) : this.#queue.splice(place - 1, 1)
    return taken.map(({ text }) => text)
  }

  /** Waits for one job, or for all and what waits. */
  async wait(id?: number): Promise<void> {
    if (id !== undefined) return this.#running.get(id)?.ended
    while (this.#running.size > 0) await Promise.all(this.running.map(({ ended }) => ended))
  }

  /** Ends one job, or all and what waits. Says whether there was one. */
  stop(id?: number): boolean {
    if (id === undefined) this.dequeue()
    const jobs = id === undefined ? this.running : this.running.filter((job) => job.id === id)
    for (const job of jobs) job.stop()
    return jobs.length > 0
  }

  #advance(): void {
    if (this.#queueRuns) return
    const next = this.#queue.shift()
    if (next === undefined) return
    this.#queueRuns = true
    this.start(next.text, async (signal, moved) => {
      try {
        await next.run(signal, moved)
      } finally {
        this.#queueRuns = false
        this.#advance()
      }
    })
  }
}
