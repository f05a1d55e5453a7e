import { setImmediate } from 'node:timers'
import { asError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { plainSealer, type Sealer } from './sealer.ts'

/** Packets are gathered up to this before they go out: a call to the system costs more than a packet's encryption. */
const batchSize = 256 * 1024

/** More than this waits for nobody: whoever has more to say waits. */
const mostWaiting = 768 * 1024

const mostKept = 16

const kept: Uint8Array[] = []

/** Packets on their way out. What is said within one turn of the event loop goes out in one write. */
export class Outbox {
  readonly #conn: Conn
  readonly #failed: (reason: Error) => void
  #sealer = plainSealer
  #batch: Uint8Array | undefined
  #used = 0
  /** Handed to the connection and not yet taken by it. */
  #onItsWay = 0
  #planned: NodeJS.Immediate | undefined
  readonly #waiting: (() => void)[] = []
  #ended = false
  /** The number of the next packet. */
  sequence = 0
  /** Since the keys are in use. */
  packets = 0
  bytes = 0

  /** `failed` is told when the connection takes no more. */
  constructor(conn: Conn, failed: (reason: Error) => void) {
    this.#conn = conn
    this.#failed = failed
  }

  /** From the next packet on, others are the keys. */
  use(sealer: Sealer): void {
    this.#sealer = sealer
    this.packets = 0
    this.bytes = 0
  }

  get full(): boolean {
    return this.#onItsWay + this.#used >= mostWaiting
  }

  /** Sends a payload; its bytes may be changed at once. */
  add(pieces: readonly Uint8Array[]): void {
    if (this.#ended) return
    let size = this.#sealer.overhead
    for (const piece of pieces) size += piece.length
    if (this.#batch !== undefined && this.#used + size > this.#batch.length) this.flush()
    this.#batch ??= take(size)
    const before = this.#used
    this.#used = this.#sealer.seal(pieces, this.#batch, before, this.sequence)
    this.sequence = (this.sequence + 1) >>> 0
    this.packets += 1
    this.bytes += this.#used - before
    this.#planned ??= setImmediate(() => this.flush())
  }

  /** Bytes that are no packet: the version line. */
  addRaw(bytes: Uint8Array): void {
    this.#batch ??= take(bytes.length)
    this.#batch.set(bytes, this.#used)
    this.#used += bytes.length
    this.#planned ??= setImmediate(() => this.flush())
  }

  /** Hands what is gathered to the connection now. */
  flush(): void {
    if (this.#planned !== undefined) clearImmediate(this.#planned)
    this.#planned = undefined
    const batch = this.#batch
    if (batch === undefined || this.#ended) return
    const used = this.#used
    this.#batch = undefined
    this.#used = 0
    this.#onItsWay += used
    this.#conn.write(batch.subarray(0, used)).then(
      () => this.#taken(batch, used),
      (thrown: unknown) => {
        giveBack(batch)
        this.#failed(asError(thrown))
      },
    )
  }

  /** Resolves when there is room again, or all has ended. */
  room(): Promise<void> {
    if (!this.full || this.#ended) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when all is taken by the connection, or all has ended. */
  async drained(): Promise<void> {
    this.flush()
    while (this.#onItsWay > 0 && !this.#ended)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  end(): void {
    this.#ended = true
    if (this.#planned !== undefined) clearImmediate(this.#planned)
    this.#planned = undefined
    if (this.#batch !== undefined) giveBack(this.#batch)
    this.#batch = undefined
    this.#wake()
  }

  #taken(batch: Uint8Array, used: number): void {
    giveBack(batch)
    this.#onItsWay -= used
    if (!this.full) this.#wake()
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0)) go()
  }
}

function take(size: number): Uint8Array {
  return (size <= batchSize ? kept.pop() : undefined) ?? new Uint8Array(Math.max(size, batchSize))
}

function giveBack(batch: Uint8Array): void {
  if (batch.length === batchSize && kept.length < mostKept) kept.push(batch)
}
