import { blockPool } from '../core/blocks.ts'
import type { Conn } from '../core/network.ts'
import { writeHello, readHello, type Hello } from '../sftp/wire/hello.ts'
import { Messages } from '../sftp/wire/messages.ts'
import { readReply, type SftpReply } from '../sftp/wire/reply.ts'
import { openFlags, writeRequest, type SftpRequest } from '../sftp/wire/request.ts'

type Unnumbered<Request> = Request extends SftpRequest ? Omit<Request, 'id'> : never

/** A client of SFTP that says what it is told to, word by word, and hears what comes. */
export class SftpTalk {
  readonly conn: Conn
  readonly #messages: Messages
  #next = 0

  constructor(conn: Conn) {
    this.conn = conn
    this.#messages = new Messages(conn, blockPool(300_000, 1_000_000), 300_000)
  }

  async greet(version = 3): Promise<Hello> {
    await this.conn.write(writeHello('client', { version, extensions: [] }))
    return readHello(await this.heardBytes(), 'server')
  }

  /** Says a request, and waits for its answer: the next that comes. */
  async ask(request: Unnumbered<SftpRequest>): Promise<SftpReply> {
    const id = await this.say(request)
    const reply = await this.heard()
    if (reply.id !== id) throw new Error(`an answer to ${reply.id}, not to ${id}`)
    return reply
  }

  /** Says a request without waiting. */
  async say(request: Unnumbered<SftpRequest>): Promise<number> {
    this.#next += 1
    await this.conn.write(Buffer.concat(writeRequest({ ...request, id: this.#next })))
    return this.#next
  }

  async heard(): Promise<SftpReply> {
    return readReply(await this.heardBytes())
  }

  /** The next message, copied. */
  async heardBytes(): Promise<Uint8Array> {
    const message = await this.#messages.next()
    if (message === undefined) throw new Error('the server has ended the session')
    const bytes = Uint8Array.from(message.bytes)
    message.release()
    return bytes
  }

  /** Opens a file with the flags by their names. */
  async open(path: string, ...flags: readonly (keyof typeof openFlags)[]): Promise<string> {
    const bits = flags.reduce((sum, flag) => sum | openFlags[flag], 0)
    const reply = await this.ask({ kind: 'open', path, flags: bits, attributes: {} })
    if (reply.kind !== 'handle') throw new Error(JSON.stringify(reply))
    return reply.handle
  }

  /** What is said of a request: its code, or the kind of answer. */
  async outcome(request: Unnumbered<SftpRequest>): Promise<number | SftpReply['kind']> {
    const reply = await this.ask(request)
    return reply.kind === 'status' ? reply.code : reply.kind
  }
}
