import { NetworkError, ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'

/** No answer of a proxy is longer. */
const longestAnswer = 16 * 1024

const http = 'HTTP/'

/** The conversation with a proxy before it steps aside: exact reads, and what came behind them. */
export class ProxyTalk {
  readonly #conn: Conn
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(conn: Conn) {
    this.#conn = conn
  }

  say(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes)
  }

  /** The next `count` bytes. */
  async exactly(count: number): Promise<Uint8Array> {
    while (this.#bytes.length < count) await this.#more()
    return this.#take(count)
  }

  /** All up to an empty line (HTTP's head), with it. Whoever begins otherwise speaks something else, and may end no head ever. */
  async head(): Promise<string> {
    for (;;) {
      const text = Buffer.from(this.#bytes).toString('latin1')
      if (!text.startsWith(http.slice(0, text.length))) throw new ProtocolError('that is no HTTP proxy')
      const end = /\r?\n\r?\n/u.exec(text)
      if (end !== null) {
        this.#take(end.index + end[0].length)
        return text.slice(0, end.index)
      }
      await this.#more()
    }
  }

  /** What has come already of the one whom the proxy speaks for. */
  rest(): Uint8Array {
    return this.#take(this.#bytes.length)
  }

  #take(count: number): Uint8Array {
    const taken = this.#bytes.slice(0, count)
    this.#bytes = this.#bytes.slice(count)
    return taken
  }

  async #more(): Promise<void> {
    if (this.#bytes.length > longestAnswer) throw new ProtocolError('the proxy says too much')
    const pieces = await this.#conn.read()
    if (pieces === undefined) throw new NetworkError('closed', 'the proxy closed the connection')
    this.#bytes = Buffer.concat([this.#bytes, ...pieces])
  }
}
