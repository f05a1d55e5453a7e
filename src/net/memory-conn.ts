import { NetworkError } from '../core/error.ts'
import type { Conn, Peer } from '../core/network.ts'

/** How the bytes of a write reach the reader: as they were written, or one by one, as a network may well do. */
export type Chop = 'whole' | 'bytes'

/** How much may be on its way; then a write waits for the reader. */
const mostOnItsWay = 256 * 1024

/** One end of a connection in memory. */
export class MemoryConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = false
  readonly #chop: Chop
  #other: MemoryConn | undefined
  #pieces: Uint8Array[] = []
  #size = 0
  #finished = false
  #ended = false
  #failure: NetworkError | undefined
  /** Whoever waits for something to change here. */
  #waiting: (() => void)[] = []
  #closed: (() => void) | undefined
  #gone = false

  constructor(local: Peer, remote: Peer, chop: Chop, closed?: () => void) {
    this.local = local
    this.remote = remote
    this.#chop = chop
    this.#closed = closed
  }

  /** Joins two ends. */
  join(other: MemoryConn): void {
    this.#other = other
    other.#other = this
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    for (;;) {
      if (this.#size > 0) return this.#take()
      if (this.#failure !== undefined) throw this.#failure
      if (this.#finished) return undefined
      await this.#change()
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen()
    if (this.#ended) throw new NetworkError('closed', 'the connection is closed')
    const other = this.#other
    if (other === undefined) return
    if (other.#gone) {
      this.broke(new NetworkError('reset', 'the other side cut the connection'))
      this.#mustBeOpen()
    }
    other.#arrive(bytes)
    while (other.#size > mostOnItsWay) {
      await this.#change()
      this.#mustBeOpen()
    }
  }

  async end(): Promise<void> {
    this.#mustBeOpen()
    this.#ended = true
    this.#other?.finish()
  }

  destroy(reason?: Error): void {
    this.#pieces = []
    this.#size = 0
    this.broke(new NetworkError('aborted', reason?.message ?? 'the connection is closed', { cause: reason }))
    this.#close()
    if (reason === undefined) this.#other?.finish()
    else this.#other?.broke(new NetworkError('reset', 'the other side cut the connection'))
  }

  /** The other end says that nothing more will come. */
  finish(): void {
    this.#finished = true
    this.wake()
  }

  /** The other end has cut the connection. */
  broke(error: NetworkError): void {
    this.#failure ??= error
    this.wake()
  }

  /** Something has changed: whoever waits looks again. */
  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }

  #arrive(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#pieces.push(bytes.slice())
    this.#size += bytes.length
    this.wake()
  }

  #take(): readonly Uint8Array[] {
    const taken = this.#chop === 'whole' ? this.#pieces : [this.#firstByte()]
    if (this.#chop === 'whole') this.#pieces = []
    this.#size = this.#chop === 'whole' ? 0 : this.#size - 1
    this.#other?.wake()
    return taken
  }

  #firstByte(): Uint8Array {
    const [first = new Uint8Array(0), ...rest] = this.#pieces
    this.#pieces = first.length > 1 ? [first.subarray(1), ...rest] : rest
    return first.subarray(0, 1)
  }

  #mustBeOpen(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  #close(): void {
    this.#gone = true
    const closed = this.#closed
    this.#closed = undefined
    closed?.()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
