import type { Block, Blocks } from '../../core/blocks.ts'
import { ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { Soon } from '../../core/soon.ts'
import { uint32At } from './reader.ts'

/** One message without its length, in memory of its own until it is released. */
export interface Message {
  readonly bytes: Uint8Array
  release(): void
}

/** Up to here a message gets fresh memory, which is cheaper than lending it. */
const small = 2048

/** So much of a line that was no SFTP is told. */
const longestShown = 80

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1b
}

/** Cuts what a connection brings into messages (draft-ietf-secsh-filexfer-02 §3). Each is copied once, into one piece. */
export class Messages {
  readonly #conn: Pick<Conn, 'read'>
  readonly #blocks: Blocks
  readonly #longest: number
  #pieces: readonly Uint8Array[] = []
  #index = 0
  #offset = 0
  readonly #head = new Uint8Array(4)

  constructor(conn: Pick<Conn, 'read'>, blocks: Blocks, longest: number) {
    this.#conn = conn
    this.#blocks = blocks
    this.#longest = longest
  }

  /**
   * The next message, at once where all of it has come in one piece; undefined: the peer has finished. An end inside a message
   * breaks the protocol.
   */
  next(): Soon<Message | undefined> {
    return this.#whole() ?? this.#wait()
  }

  async #wait(): Promise<Message | undefined> {
    if (this.#pieces[this.#index] === undefined) {
      if (!(await this.#read())) return undefined
      const whole = this.#whole()
      if (whole !== undefined) return whole
    }
    if (!(await this.#fill(this.#head, this.#head.length))) return undefined
    const length = uint32At(this.#head, 0)
    if (length < 5 || length > this.#longest) throw this.#noMessage(length)
    const message = this.#roomFor(length)
    try {
      if (!(await this.#fill(message.bytes, length))) throw new ProtocolError('the end came inside a message')
      return message
    } catch (thrown) {
      message.release()
      throw thrown
    }
  }

  /** The next one, out of the piece that is at hand. */
  #whole(): Message | undefined {
    const piece = this.#pieces[this.#index]
    const begin = this.#offset + this.#head.length
    if (piece === undefined || begin > piece.length) return undefined
    const length = uint32At(piece, this.#offset)
    const end = begin + length
    // One of a wrong length is refused where it is waited for.
    if (length < 5 || length > this.#longest || end > piece.length) return undefined
    const message = this.#roomFor(length)
    message.bytes.set(piece.subarray(begin, end))
    this.#offset = end
    if (end === piece.length) this.#toNextPiece()
    return message
  }

  /** What a shell of the server prints before SFTP begins is the usual cause, and four of its letters make a length. */
  #noMessage(length: number): ProtocolError {
    if (!this.#head.every(isText)) return new ProtocolError(`a message of ${length} bytes`)
    const behind = this.#pieces[this.#index]?.subarray(this.#offset, this.#offset + longestShown) ?? []
    const [line = ''] = Buffer.concat([this.#head, Uint8Array.from(behind)])
      .toString()
      .trim()
      .split(/[\r\n]/u)
    return new ProtocolError(
      `the other side sent text where SFTP belongs: "${line.slice(0, longestShown)}"`,
      {
        facts: {
          hint: 'A file that its shell reads at login, .bashrc or the like, prints that: it must print nothing.',
        },
      },
    )
  }

  #roomFor(length: number): Message {
    if (length > small) {
      const block: Block = this.#blocks.take(length)
      if (block.bytes.length >= length) {
        return { bytes: block.bytes.subarray(0, length), release: () => block.release() }
      }
      block.release()
    }
    return { bytes: new Uint8Array(length), release: () => undefined }
  }

  /** Fills from what has come, reading more as needed. False: the end came before the first byte. */
  async #fill(into: Uint8Array, length: number): Promise<boolean> {
    let filled = 0
    while (filled < length) {
      const piece = this.#pieces[this.#index]
      if (piece === undefined) {
        if (await this.#read()) continue
        if (filled > 0) throw new ProtocolError('the end came inside a message')
        return false
      }
      const count = Math.min(length - filled, piece.length - this.#offset)
      into.set(piece.subarray(this.#offset, this.#offset + count), filled)
      filled += count
      this.#offset += count
      if (this.#offset === piece.length) this.#toNextPiece()
    }
    return true
  }

  #toNextPiece(): void {
    this.#index += 1
    this.#offset = 0
  }

  /** False: the peer has finished. */
  async #read(): Promise<boolean> {
    const pieces = await this.#conn.read()
    if (pieces === undefined) return false
    this.#pieces = pieces
    this.#index = 0
    this.#offset = 0
    return true
  }
}
