import { FileError, asError } from '../../core/error.ts'
import type { Blocks } from '../../core/blocks.ts'
import type { Path } from '../../core/path.ts'
import type { Entry, OpenFile } from '../../core/store.ts'
import { syncFile } from '../../core/sync.ts'
import { transfer } from '../../core/transfer.ts'
import { ReadRuns, type Lent } from './read-runs.ts'

/** How a file was opened. */
export interface FileUse {
  readonly path: Path
  readonly reads: boolean
  readonly writes: boolean
  /** Where the file ended when it was opened to be appended to: places that the client names do not count then. */
  readonly appendAt?: number
}

interface Piece {
  readonly data: Uint8Array
  readonly at: number
  readonly done: PromiseWithResolvers<void>
}

/** A look at the file in the midst of writes: its turn comes when those before it are done. */
type Turn = PromiseWithResolvers<void>

/** How much is written in one go. */
const mostAtOnce = 1024 * 1024

/**
 * A file that a client has open. Writes are done in the order they came, those that follow each other in one go; a read sees those
 * that came before it and none that came after (draft-ietf-secsh-filexfer-02 §6.1). It ends well at CLOSE, and only if every write
 * went well.
 */
export class FileHandle {
  readonly kind = 'file'
  readonly use: FileUse
  /** Where it is, also after a rename of this session's. */
  path: Path
  readonly #file: OpenFile
  readonly #runs: ReadRuns
  readonly #ending = Promise.withResolvers<void>()
  readonly #ended: Promise<void>
  readonly #queue: (Piece | Turn)[] = []
  /** How many look at the file now, and who waits until none does. */
  #looks = 0
  #looked: (() => void) | undefined
  #writing: Promise<void> | undefined
  #failure: Error | undefined
  #end: number

  constructor(file: OpenFile, use: FileUse, blocks: Blocks) {
    this.#file = file
    this.#runs = new ReadRuns((into, at) => file.read(into, at), blocks)
    this.use = use
    this.path = use.path
    this.#end = use.appendAt ?? 0
    this.#ended = transfer(file, () => this.#ending.promise)
    // Whoever ends the handle hears of it; until then a rejection is nobody's.
    this.#ended.catch(() => undefined)
  }

  async stat(): Promise<Entry> {
    return this.#look(() => this.#file.stat())
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (!this.use.reads) throw new FileError('denied', 'the file is not open to be read')
    return this.#look(() => this.#file.read(into, at))
  }

  /** Reads like `read`, in memory that is lent for it and shared with the reads beside it. */
  async lend(length: number, at: number): Promise<Lent> {
    if (!this.use.reads) throw new FileError('denied', 'the file is not open to be read')
    return this.#look(() => this.#runs.take(length, at))
  }

  /** The data must not change before this resolves. */
  async write(data: Uint8Array, at: number): Promise<void> {
    this.mustWrite()
    if (this.#failure !== undefined) throw this.#failure
    if (at + data.length > Number.MAX_SAFE_INTEGER) {
      // Refused, and so not whole at CLOSE.
      this.#failure = new FileError('invalid', 'no file is that long')
      throw this.#failure
    }
    if (data.length === 0) return
    const done = Promise.withResolvers<void>()
    this.#queue.push({ data, at: this.use.appendAt === undefined ? at : this.#end, done })
    this.#end += data.length
    this.#writing ??= this.#work()
    await done.promise
  }

  /** Throws where the file is not open to be written. */
  mustWrite(): void {
    if (!this.use.writes) throw new FileError('denied', 'the file is not open to be written')
  }

  /** What was to be written did not come: the file is not whole at CLOSE. */
  fail(reason: Error): void {
    this.#failure ??= reason
  }

  /** The file has this size now, by other ways than writes: a log that is cut and appended to must not get a hole. */
  resized(size: number): void {
    this.#end = size
  }

  /** Resolves when all writes so far are done. */
  async settled(): Promise<void> {
    await this.#writing
  }

  /** Puts what was written where no crash takes it. */
  async sync(): Promise<void> {
    await this.#writing
    if (this.#failure !== undefined) throw this.#failure
    await syncFile(this.#file)
  }

  /** The transfer is complete, unless a write went wrong: then it is not, and this rejects. */
  async close(): Promise<void> {
    await this.#writing
    if (this.#failure === undefined) this.#ending.resolve()
    else this.#ending.reject(this.#failure)
    await this.#ended
  }

  /** The transfer is not complete, and what there is of it may be gone on with. */
  async abort(reason: Error): Promise<void> {
    await this.#writing
    this.#ending.reject(reason)
    await this.#ended.catch((thrown: unknown) => {
      if (thrown !== reason) throw thrown
    })
  }

  #look<T>(look: () => Promise<T>): Promise<T> {
    return this.use.writes ? this.#inTurn(look) : look()
  }

  async #inTurn<T>(look: () => Promise<T>): Promise<T> {
    if (this.#writing === undefined) this.#looks += 1
    else {
      const turn = Promise.withResolvers<void>()
      this.#queue.push(turn)
      await turn.promise
    }
    try {
      return await look()
    } finally {
      this.#looks -= 1
      if (this.#looks === 0) this.#looked?.()
    }
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      this.#giveTurns()
      if (this.#looks > 0) await new Promise<void>((resolve) => (this.#looked = resolve))
      else await this.#writeRun(this.#nextRun())
    }
    this.#writing = undefined
  }

  /** Those whose turn it is look at the file side by side. */
  #giveTurns(): void {
    for (let first = this.#queue[0]; first !== undefined && 'promise' in first; first = this.#queue[0]) {
      this.#queue.shift()
      this.#looks += 1
      first.resolve()
    }
  }

  async #writeRun(run: readonly Piece[]): Promise<void> {
    try {
      if (this.#failure !== undefined) throw this.#failure
      await this.#file.write(
        run.map(({ data }) => data),
        run[0]?.at ?? 0,
      )
      for (const { done } of run) done.resolve()
    } catch (thrown) {
      this.#failure ??= asError(thrown)
      for (const { done } of run) done.reject(thrown)
    }
  }

  /** The first writes that follow each other in the file. */
  #nextRun(): Piece[] {
    const run: Piece[] = []
    let size = 0
    let next: number | undefined
    for (const piece of this.#queue) {
      if ('promise' in piece) break
      const { data, at } = piece
      if (next !== undefined && (at !== next || size + data.length > mostAtOnce)) break
      run.push(piece)
      size += data.length
      next = at + data.length
    }
    this.#queue.splice(0, run.length)
    return run
  }
}
