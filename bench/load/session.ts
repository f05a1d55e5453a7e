import { connect, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { Address, Suite } from './task.ts'

/** A reply of the server: its code, and all its lines. */
export interface Reply {
  readonly code: number
  readonly text: string
}

/** One for all connections: to make it takes as long as a handshake, and no server has a part in it. */
const anySuite = createSecureContext()

/** One control connection, as small as measuring allows. */
export class Session {
  #socket: Socket
  /** The newest session of TLS, for the next data connection; undefined: in clear, or none yet. */
  ticket: Buffer | undefined
  tls = false
  readonly #replies: Reply[] = []
  readonly #waiting: { give: (reply: Reply) => void; fail: (reason: Error) => void }[] = []
  #rest = ''
  #lines: string[] = []
  #broken: Error | undefined

  readonly #context: SecureContext

  private constructor(socket: Socket, context: SecureContext) {
    this.#socket = socket
    this.#context = context
    socket.setNoDelay(true)
    this.#listen()
  }

  #listen(): void {
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text: string) => this.#receive(text))
    this.#socket.on('error', (error) => this.#break(error))
    this.#socket.on('close', () => this.#break(new Error('the server closed the control connection')))
  }

  async #secure(): Promise<void> {
    await this.must('AUTH TLS')
    const plain = this.#socket
    plain.removeAllListeners('data').removeAllListeners('close')
    this.#socket = await this.wrapped(plain)
    this.tls = true
    this.#listen()
  }

  /** A connection in TLS, with the session of the one before. */
  async wrapped(socket: Socket): Promise<TLSSocket> {
    const secure = this.#kept(connectTls({ socket, ...this.#tlsWords() }))
    await new Promise<void>((done, fail) => secure.once('secureConnect', done).once('error', fail))
    return secure
  }

  /** The same from the start, which is the only way to say where what comes is to go. It says at once that it wants TLS. */
  connectSecurely(port: number, onread: OnReadOpts): TLSSocket {
    // Types do not know of it, as they do not for connections in clear that are already made.
    const options = { port, ...this.#tlsWords(), onread, highWaterMark: 1024 * 1024 }
    return this.#kept(connectTls(options))
  }

  #tlsWords() {
    const session = this.ticket === undefined ? {} : { session: this.ticket }
    return {
      rejectUnauthorized: false,
      host: '127.0.0.1',
      servername: 'localhost',
      secureContext: this.#context,
      ...session,
    }
  }

  #kept(secure: TLSSocket): TLSSocket {
    return secure.on('session', (fresh) => {
      this.ticket = fresh
    })
  }

  /** Connects and logs in. */
  static async enter(at: Address, suite?: Suite): Promise<Session> {
    const session = new Session(connect(at.port, '127.0.0.1'), contextFor(suite))
    await session.expect(2)
    if (at.tls === true) await session.#secure()
    const asked = await session.ask(`USER ${at.user}`)
    if (asked.code === 331) await session.must(`PASS ${at.password}`)
    else if (asked.code !== 230) throw new Error(`USER was refused: ${asked.text}`)
    if (at.tls === true) for (const line of ['PBSZ 0', 'PROT P']) await session.must(line)
    return session
  }

  /** Says QUIT and waits until the connection is closed. */
  async leave(): Promise<void> {
    const closed = new Promise<void>((done) => this.#socket.once('close', () => done()))
    await this.ask('QUIT')
    this.#socket.end()
    await closed
  }

  /** Goes without a word. */
  drop(): void {
    this.#socket.destroy()
  }

  /** Sends a command and returns its first reply, whatever it is. */
  ask(line: string): Promise<Reply> {
    this.#socket.write(`${line}\r\n`)
    return this.next()
  }

  /** Sends a command that has to succeed. */
  async must(line: string): Promise<Reply> {
    this.#socket.write(`${line}\r\n`)
    return this.expect(2, line)
  }

  /** Waits for a reply of one class: 1 for "about to", 2 for "done". */
  async expect(hundreds: number, line = 'connecting'): Promise<Reply> {
    const reply = await this.next()
    if (Math.floor(reply.code / 100) !== hundreds) throw new Error(`${line}: ${reply.text}`)
    return reply
  }

  next(): Promise<Reply> {
    const ready = this.#replies.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    return new Promise((give, fail) => this.#waiting.push({ give, fail }))
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#take(line)
  }

  /** RFC 959 §4.2: the last line of a reply begins with its code and a space. */
  #take(line: string): void {
    this.#lines.push(line)
    if (!/^\d{3} /u.test(line)) return
    const reply = { code: Number(line.slice(0, 3)), text: this.#lines.join('\n') }
    this.#lines = []
    const first = this.#waiting.shift()
    if (first === undefined) this.#replies.push(reply)
    else first.give(reply)
  }

  #break(reason: Error): void {
    this.#broken ??= reason
    for (const { fail } of this.#waiting.splice(0)) fail(this.#broken)
  }
}

function contextFor(suite: Suite | undefined): SecureContext {
  if (suite === undefined) return anySuite
  const version = `TLSv${suite.version}` as const
  return createSecureContext({ minVersion: version, maxVersion: version, ciphers: suite.cipher })
}
