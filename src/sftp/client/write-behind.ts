import { asError } from '../../core/error.ts'
import type { Link } from './link.ts'
import { windowFor } from './window.ts'

/** Data must not change before `sent` is called, which it is in any case. */
type WriteOnce = (data: Uint8Array, at: number, sent: () => void) => Promise<void>

/** Writes that are under way while the next are made. What goes wrong is told by the next write, or by the end. */
export class WriteBehind {
  readonly #link: Link
  readonly #most: number
  readonly #once: WriteOnce
  readonly #underWay = new Set<Promise<void>>()
  #bytes = 0
  #failure: Error | undefined
  #end = 0

  constructor(link: Link, most: number, once: WriteOnce) {
    this.#link = link
    this.#most = most
    this.#once = once
  }

  /** Where the last byte that was written stands, plus one. */
  get end(): number {
    return this.#end
  }

  /** Resolves when more may be written, and the pieces are on their way: they are not copied, and may be changed then. */
  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    let to = at
    const sent: Promise<void>[] = []
    for (const data of cut(pieces, this.#most)) {
      while (this.#bytes >= windowFor(this.#link.roundTripMs)) await Promise.race(this.#underWay)
      if (this.#failure !== undefined) break
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
  }

  /** Resolves when the data is on its way. */
  #begin(data: Uint8Array, at: number): Promise<void> {
    const sent = Promise.withResolvers<void>()
    this.#bytes += data.length
    const done = this.#finish(this.#once(data, at, sent.resolve), data.length).finally(() =>
      this.#underWay.delete(done),
    )
    this.#underWay.add(done)
    return sent.promise
  }

  async #finish(work: Promise<void>, bytes: number): Promise<void> {
    try {
      await work
    } catch (thrown) {
      this.#failure ??= asError(thrown)
    }
    this.#bytes -= bytes
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
