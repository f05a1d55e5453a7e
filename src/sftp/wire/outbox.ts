import { asError } from '../../core/error.ts'
import type { Channel } from '../../ssh/channel.ts'
import type { Conn } from '../../core/network.ts'

/** A connection, which may be a channel of SSH: that takes several pieces at once, and none is copied to be joined. */
export type PieceConn = Conn & Partial<Pick<Channel, 'writeAll' | 'widen' | 'stir'>>

interface Parcel {
  readonly pieces: readonly Uint8Array[]
  readonly size: number
  readonly release: () => void
}

/** What a message takes at least, beside its bytes: who reads no answers must not fill the memory with short ones. */
const leastSize = 512

/** What is handed over at once: more would keep lent memory longer than it is needed. */
const together = 256 * 1024

/** Messages on their way out, in the order they became ready. */
export class Outbox {
  readonly #conn: PieceConn
  readonly #moved: () => void
  #parcels: Parcel[] = []
  #size = 0
  #sending: Promise<void> | undefined

  /** `moved` is called whenever there is less to send. */
  constructor(conn: PieceConn, moved: () => void) {
    this.#conn = conn
    this.#moved = moved
  }

  /** How many bytes wait, what keeps them in memory counted too. */
  get size(): number {
    return this.#size
  }

  /** A message, in pieces. `release` is called when the bytes are no longer needed. */
  add(pieces: readonly Uint8Array[], release: () => void = () => undefined): void {
    const size = Math.max(leastSize, sizeOf(pieces))
    this.#parcels.push({ pieces, size, release })
    this.#size += size
    this.#sending ??= this.#send()
  }

  /** Resolves when all that was added is on its way, or cannot be sent any more. */
  async emptied(): Promise<void> {
    await this.#sending
  }

  async #send(): Promise<void> {
    // One turn later: the messages that become ready in this one leave together.
    await Promise.resolve()
    try {
      for (let parcels = this.#take(); parcels.length > 0; parcels = this.#take()) {
        try {
          await this.#write(piecesOf(parcels))
        } finally {
          for (const { size, release } of parcels) {
            this.#size -= size
            release()
          }
        }
        this.#moved()
      }
    } catch (thrown) {
      // Nobody hears the rest; who reads from the connection is told by that it is cut.
      for (const { release } of this.#parcels.splice(0)) release()
      this.#size = 0
      this.#conn.destroy(asError(thrown))
      this.#moved()
    }
    this.#sending = undefined
  }

  #write(pieces: readonly Uint8Array[]): Promise<void> {
    const conn = this.#conn
    return conn.writeAll === undefined ? conn.write(joined(pieces)) : conn.writeAll(pieces)
  }

  /** The next one, and those behind it that fit beside it. */
  #take(): Parcel[] {
    const parcels = this.#parcels
    if (this.#size <= together || parcels.length === 0) {
      this.#parcels = []
      return parcels
    }
    let count = 0
    let all = 0
    for (const { size } of parcels) {
      if (count > 0 && all + size > together) break
      count += 1
      all += size
    }
    return parcels.splice(0, count)
  }
}

/** By hand: `flatMap` takes as long as writing the message. */
function piecesOf(parcels: readonly Parcel[]): readonly Uint8Array[] {
  const [only] = parcels
  if (parcels.length === 1 && only !== undefined) return only.pieces
  const all: Uint8Array[] = []
  for (const { pieces } of parcels) all.push(...pieces)
  return all
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(sizeOf(pieces))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
