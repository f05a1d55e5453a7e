import { NetworkError } from '../core/error.ts'
import type { Conn, Peer } from '../core/network.ts'

/** How the bytes of a write reach the reader: as they were written, or one by one, as a network may well do. */
export type Chop = 'whole' | 'bytes'

/** How much may be on its way; then a write waits for the reader. */
const mostOnItsWay = 256 * 1024

/** One end of a connection in memory. It behaves as TCP does, down to what a reader sees of a cut. */
export class MemoryConn implements Conn {
  readonly secure = false
  readonly #local: Peer
  readonly #remote: Peer
  readonly #chop: Chop
  /** The other end; this one until they are joined. */
  #other: MemoryConn = this
  #pieces: Uint8Array[] = []
  #size = 0
  /** What the last read has given: emptied by the next, so that who keeps it is found out by any test. */
  #lent: readonly Uint8Array[] = []
  #reading = false
  /** The other end has said that nothing more will come. */
  #finished = false
  /** This end has said so. */
  #ended = false
  #failure: NetworkError | undefined
  /** Whoever waits for something to change here. */
  readonly #waiting: (() => void)[] = []
  readonly #closed: (() => void) | undefined
  #gone = false

  constructor(local: Peer, remote: Peer, chop: Chop, closed?: () => void) {
    this.#local = local
    this.#remote = remote
    this.#chop = chop
    this.#closed = closed
  }

  get local(): Peer {
    return this.#local
  }

  get remote(): Peer {
    return this.#remote
  }

  /** Joins two ends. */
  join(other: MemoryConn): void {
    this.#other = other
    other.#other = this
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#reading) throw new Error('one read at a time')
    this.#reading = true
    for (const { buffer } of this.#lent) if (buffer instanceof ArrayBuffer) buffer.transfer(0)
    this.#lent = []
    try {
      for (;;) {
        if (this.#gone) this.#mustBeOpen()
        if (this.#size > 0) return this.#take()
        if (this.#finished) return undefined
        this.#mustBeOpen()
        await this.#change()
      }
    } finally {
      this.#reading = false
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen()
    if (this.#ended) throw new NetworkError('closed', 'the connection is closed')
    this.#mustBeHeard()
    this.#other.#arrive(bytes)
    await this.#taken()
  }

  async end(): Promise<void> {
    this.#mustBeOpen()
    this.#ended = true
    await this.#taken()
    this.#other.#finish()
  }

  destroy(reason?: Error): void {
    if (this.#gone) return
    this.#gone = true
    this.#pieces = []
    this.#size = 0
    // What this end sees is its own doing, also where the other end had cut it before.
    this.#failure = new NetworkError('aborted', reason?.message ?? 'the connection is closed', {
      cause: reason,
    })
    this.#wake()
    const other = this.#other
    if (reason === undefined) other.#finish()
    else other.#break()
    this.#closed?.()
  }

  #finish(): void {
    this.#finished = true
    this.#wake()
  }

  #break(): void {
    this.#failure ??= new NetworkError('reset', 'the other side cut the connection')
    this.#wake()
  }

  #arrive(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#pieces.push(lent(bytes))
    this.#size += bytes.length
    this.#wake()
  }

  #take(): readonly Uint8Array[] {
    const taken = this.#chop === 'whole' ? this.#pieces.splice(0) : [this.#firstByte()]
    for (const piece of taken) this.#size -= piece.length
    this.#lent = taken
    this.#other.#wake()
    return taken
  }

  #firstByte(): Uint8Array {
    const [first = new Uint8Array(0)] = this.#pieces
    if (first.length > 1) this.#pieces[0] = first.subarray(1)
    else this.#pieces.shift()
    return lent(first.subarray(0, 1))
  }

  /** Resolves when the other end has read so far that more may be on its way. */
  async #taken(): Promise<void> {
    while (this.#other.#size > mostOnItsWay) {
      await this.#change()
      this.#mustBeOpen()
      this.#mustBeHeard()
    }
  }

  #mustBeOpen(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** To an end that has left nothing can be written: TCP answers with a reset. */
  #mustBeHeard(): void {
    if (this.#other.#gone) this.#break()
    this.#mustBeOpen()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Something has changed: whoever waits looks again. */
  #wake(): void {
    for (const go of this.#waiting.splice(0)) go()
  }
}

/** A copy in memory of its own, and a Buffer as sockets give them: whoever keeps a slice() of it, which is no copy, loses it. */
function lent(bytes: Uint8Array): Uint8Array {
  return Buffer.from(new Uint8Array(bytes).buffer)
}
