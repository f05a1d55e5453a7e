import { asError } from '../../core/error.ts'
import type { Link } from './link.ts'
import { windowFor } from './window.ts'

/** Data must not change before `sent` is called, which it is in any case. */
export type WriteOnce = (data: Uint8Array, at: number, sent: () => void) => Promise<void>

export interface WriteBehindParts {
  readonly link: Link
  /** How much fits into one message. */
  readonly most: number
  readonly once: WriteOnce
  /** More ways to write to the same file, for a way so long that one does not fill it. Never rejects. */
  readonly more?: (() => Promise<readonly WriteOnce[]>) | undefined
}

interface Lane {
  readonly once: WriteOnce
  bytes: number
}

/** A write that has not ended well yet. */
interface Open {
  readonly at: number
}

/** From this round trip on, and once so much is under way, more lanes are asked for. */
const longWayMs = 8
const longFile = 1024 * 1024

/** Writes that are under way while the next are made. What goes wrong is told by the next write, or by the end. */
export class WriteBehind {
  readonly #parts: WriteBehindParts
  readonly #lanes: Lane[]
  readonly #underWay = new Set<Promise<void>>()
  #growing: Promise<void> | undefined
  #bytes = 0
  #failure: Error | undefined
  #end = 0
  /** In the order in which they were begun; those that failed stay. */
  readonly #open = new Set<Open>()

  constructor(parts: WriteBehindParts) {
    this.#parts = parts
    this.#lanes = [{ once: parts.once, bytes: 0 }]
  }

  /** Where the last byte that was written stands, plus one. */
  get end(): number {
    return this.#end
  }

  /** Where the first byte stands that may not have been written. */
  get sure(): number {
    return [...this.#open].reduce((least, { at }) => Math.min(least, at), this.#end)
  }

  /** Resolves when more may be written, and the pieces are on their way: they are not copied, and may be changed then. */
  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    const { link, most } = this.#parts
    let to = at
    const sent: Promise<void>[] = []
    for (const data of cut(pieces, most)) {
      while (this.#isFull(to, windowFor(link.roundTripMs))) await Promise.race(this.#underWay)
      if (this.#failure !== undefined) break
      if (this.#bytes >= longFile && link.roundTripMs >= longWayMs) this.#growing ??= this.#grow()
      sent.push(this.#begin(data, to))
      to += data.length
    }
    await Promise.all(sent)
    this.#end = Math.max(this.#end, to)
    this.#check()
  }

  /** Resolves when all writes have ended well. */
  async settled(): Promise<void> {
    await this.over()
    this.#check()
  }

  /** Resolves when all writes have ended, well or not. */
  async over(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
    await this.#growing
  }

  /** How much is under way has a limit, and how far one write is ahead of another: all behind the oldest may be holes in the end. */
  #isFull(to: number, window: number): boolean {
    const [oldest] = this.#open
    const isFar = oldest !== undefined && to - oldest.at >= window
    return this.#failure === undefined && (this.#bytes >= window || isFar)
  }

  async #grow(): Promise<void> {
    for (const once of (await this.#parts.more?.()) ?? []) this.#lanes.push({ once, bytes: 0 })
  }

  /** Resolves when the data is on its way. */
  #begin(data: Uint8Array, at: number): Promise<void> {
    const sent = Promise.withResolvers<void>()
    const lane = this.#lanes.reduce((least, one) => (one.bytes < least.bytes ? one : least))
    const open = { at }
    this.#open.add(open)
    const done = this.#finish(lane, data.length, lane.once(data, at, sent.resolve), open).finally(() =>
      this.#underWay.delete(done),
    )
    this.#underWay.add(done)
    return sent.promise
  }

  async #finish(lane: Lane, bytes: number, work: Promise<void>, open: Open): Promise<void> {
    this.#bytes += bytes
    lane.bytes += bytes
    try {
      await work
      this.#open.delete(open)
    } catch (thrown) {
      this.#failure ??= asError(thrown)
    }
    this.#bytes -= bytes
    lane.bytes -= bytes
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}

/** The same bytes in parts that fit a message: small pieces joined, large ones cut. */
function* cut(pieces: readonly Uint8Array[], most: number): Generator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + most - size)
      waiting.push(part)
      size += part.length
      at += part.length
      if (size === most) {
        yield joined(waiting, size)
        waiting = []
        size = 0
      }
    }
  }
  if (size > 0) yield joined(waiting, size)
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
