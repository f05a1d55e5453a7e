import type { WrittenWhole } from '../../../core/remote.ts'
import type { SessionPool } from '../session/pool.ts'
import { quickWay, type QuickTransfer } from './quick-transfer.ts'
import type { FtpSession } from '../session/session.ts'
import { writeWhole, type WholeWriting } from './write-whole.ts'

/** One that is to be sent, and who waits for what becomes of it. */
interface Waiting extends Omit<PromiseWithResolvers<WrittenWhole | undefined>, 'promise'> {
  readonly writing: WholeWriting
}

/**
 * Small files on their way to a server, one behind the other over each session: the commands for the next go in one write with what
 * is asked behind the one before it, which spares a round trip and wakes the server once less for each.
 */
export class SmallUploads {
  readonly #pool: SessionPool
  readonly #signal: AbortSignal | undefined
  readonly #waiting: Waiting[] = []
  #lanes = 0

  constructor(pool: SessionPool, signal: AbortSignal | undefined) {
    this.#pool = pool
    this.#signal = signal
  }

  /** Sends one. undefined: nobody knows what is there, and it is to be opened and sent again. */
  send(writing: WholeWriting): Promise<WrittenWhole | undefined> {
    const { promise, ...ending } = Promise.withResolvers<WrittenWhole | undefined>()
    const file = { writing, ...ending }
    if (this.#lanes === 0 || this.#pool.hasRoom) void this.#sendFrom(file)
    else this.#waiting.push(file)
    return promise
  }

  /** Sends one, and what waits behind it, over a session. */
  async #sendFrom(first: Waiting): Promise<void> {
    this.#lanes += 1
    try {
      await this.#pool.with(this.#signal, (session) => this.#sendOver(session, first))
    } catch (thrown) {
      first.reject(thrown)
    }
    this.#lanes -= 1
    const next = this.#waiting.shift()
    if (next !== undefined) void this.#sendFrom(next)
  }

  async #sendOver(session: FtpSession, first: Waiting): Promise<void> {
    const way = quickWay(session)
    if (way === undefined || !session.can('SIZE')) return first.resolve(undefined)
    const transferOf = ({ writing, resolve, reject }: Waiting): QuickTransfer => {
      const { transfer, written } = writeWhole(session, way, writing, this.#signal, () => {
        const next = this.#next()
        return next === undefined ? undefined : transferOf(next)
      })
      written.then(resolve, reject)
      return transfer
    }
    let transfer: QuickTransfer | undefined = transferOf(first).begin()
    for (; transfer !== undefined; transfer = transfer.following) {
      try {
        await transfer.done
      } catch {
        // Who waits for the file is told.
      }
    }
  }

  /** The next, unless somebody else waits for a session. */
  #next(): Waiting | undefined {
    return this.#pool.isWanted ? undefined : this.#waiting.shift()
  }
}
