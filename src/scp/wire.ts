import { NetworkError, ProtocolError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { encodeText } from '../core/text.ts'
import { longestLine } from './lines.ts'

/** The two directions of a channel, as scp uses them: lines, bytes of files, and an answer to each. */
export class ScpWire {
  readonly #conn: Conn
  #pieces: Uint8Array[] = []

  constructor(conn: Conn) {
    this.#conn = conn
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes)
  }

  /** "Go on." */
  ok(): Promise<void> {
    return this.#conn.write(Uint8Array.of(0))
  }

  /** "That did not go"; the rest may. */
  trouble(text: string): Promise<void> {
    return this.#conn.write(encodeText(`\u0001scp: ${text.replaceAll(/\p{Cc}/gu, '?')}\n`))
  }

  /** The other side's answer: undefined where it says to go on, else what troubles it. Throws where that is the end. */
  async answer(): Promise<string | undefined> {
    const [first] = await this.#take(1)
    if (first === 0) return undefined
    if (first !== 1 && first !== 2) throw new ProtocolError('an answer that scp does not know')
    const text = Buffer.from((await this.line()) ?? '').toString()
    if (first === 2) throw new ProtocolError(`the client gave up: ${text}`)
    return text
  }

  /** The same behind all bytes of a file, where an end says what 0 does: libssh2 (curl, PHP) sends no more than the bytes, and reads no more. */
  async answerOrEnd(): Promise<string | undefined> {
    return (await this.#piece()) === undefined ? undefined : this.answer()
  }

  /** The next line without its end; undefined: the other side has finished. */
  async line(): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = []
    let size = 0
    for (;;) {
      const piece = await this.#piece()
      if (piece === undefined) {
        if (size > 0) throw new ProtocolError('the end came inside a line')
        return undefined
      }
      const end = piece.indexOf(10)
      // What was read is lent until the next read: parts of a line are kept as copies.
      parts.push(new Uint8Array(piece.subarray(0, end < 0 ? piece.length : end)))
      size += end < 0 ? piece.length : end
      if (size > longestLine) throw new ProtocolError('a line that is too long')
      this.#used(end < 0 ? piece.length : end + 1)
      if (end >= 0) return Buffer.concat(parts)
    }
  }

  /** Gives so many bytes to somebody, as they come; they may not be kept. */
  async bytes(count: number, taken: (pieces: readonly Uint8Array[]) => Promise<void>): Promise<void> {
    for (let left = count; left > 0;) {
      if ((await this.#piece()) === undefined)
        throw new NetworkError('closed', 'the client left inside a file')
      const pieces: Uint8Array[] = []
      for (const piece of this.#pieces) {
        const part = piece.subarray(0, left)
        if (part.length === 0) break
        pieces.push(part)
        left -= part.length
      }
      await taken(pieces)
      for (const { length } of pieces) this.#used(length)
    }
  }

  async #take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count)
    let at = 0
    await this.bytes(count, async (pieces) => {
      for (const piece of pieces) {
        taken.set(piece, at)
        at += piece.length
      }
    })
    return taken
  }

  async #piece(): Promise<Uint8Array | undefined> {
    while (this.#pieces.length === 0) {
      const pieces = await this.#conn.read()
      if (pieces === undefined) return undefined
      this.#pieces = pieces.filter(({ length }) => length > 0)
    }
    return this.#pieces[0]
  }

  #used(count: number): void {
    const [first] = this.#pieces
    if (first === undefined) return
    if (count < first.length) this.#pieces[0] = first.subarray(count)
    else this.#pieces.shift()
  }
}
