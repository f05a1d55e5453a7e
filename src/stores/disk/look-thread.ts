import type { Worker } from 'node:worker_threads'
import type { Clock, Timer } from '../../core/clock.ts'
import type { Owners } from './owners.ts'
import { Seen } from './seen.ts'

/** What a look at many names gave, and how long it took. */
export interface Looked {
  readonly seen: Seen
  readonly ms: number
}

/** The answer of the thread (bin/look-thread.js): nine numbers for each name, and where links lead. */
interface Answer {
  readonly numbers: Float64Array
  readonly targets: readonly (readonly [index: number, target: Uint8Array])[]
  readonly ms: number
}

/** A thread that nobody needs takes memory; to start one takes a few listings' worth of waiting. */
const idleMs = 30_000

/**
 * Looks at names in a thread of its own. Of a directory of a hundred thousand names half of the work is the system's look at
 * each; done beside the event loop it holds nobody up, and the other half is done meanwhile.
 */
export class LookThread {
  readonly #clock: Clock
  readonly #module: () => URL
  #worker: Worker | undefined
  #ready = false
  #broken = false
  #idle: Timer | undefined
  /** In the order in which they were asked, which is that of the answers. */
  readonly #waiting: ((answer: Answer | undefined) => void)[] = []

  /** Where its module is, is asked late: a program that was bundled as CommonJS has no `import.meta.url`, and runs without. */
  constructor(clock: Clock, module = () => new URL('../../../bin/look-thread.js', import.meta.url)) {
    this.#clock = clock
    this.#module = module
  }

  /** Whether it can be asked now. If it does not run it is started, which takes a moment. */
  get ready(): boolean {
    if (this.#worker === undefined && !this.#broken) this.#start()
    return this.#ready
  }

  /** What is behind names as a directory gave them; one that is gone is left out. Undefined: it cannot tell, ask elsewhere. */
  async look(directory: string, names: readonly string[], owners: Owners): Promise<Looked | undefined> {
    const worker = this.#worker
    if (worker === undefined) return undefined
    this.#idle?.cancel()
    // While somebody waits for it, the process must not end.
    worker.ref()
    const answer = await new Promise<Answer | undefined>((resolve) => {
      this.#waiting.push(resolve)
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ prefix: `${directory}/`, names: names.join('/') })
    })
    return answer && { seen: new Seen(names, owners, answer.numbers, answer.targets), ms: answer.ms }
  }

  #start(): void {
    try {
      const { Worker } = process.getBuiltinModule('node:worker_threads')
      const worker = new Worker(this.#module(), { execArgv: [] })
      this.#worker = worker
      worker.unref()
      worker.once('online', () => {
        this.#ready = true
        this.#rest(worker)
      })
      worker.on('message', (answer: Answer) => {
        this.#waiting.shift()?.(answer)
        if (this.#waiting.length === 0) this.#rest(worker)
      })
      // A thread that breaks would break again; one that has ended for want of work is started anew.
      worker.once('error', () => (this.#broken = true))
      worker.once('exit', () => this.#over())
    } catch {
      this.#broken = true // Where Node may start no threads or has no module, the event loop looks by itself.
    }
  }

  #rest(worker: Worker): void {
    worker.unref()
    this.#idle?.cancel()
    this.#idle = this.#clock.after(idleMs, () => void worker.terminate())
  }

  #over(): void {
    this.#idle?.cancel()
    this.#worker = undefined
    this.#ready = false
    for (const tell of this.#waiting.splice(0)) tell(undefined)
  }
}
