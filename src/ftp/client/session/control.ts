import type { Clock, Timer } from '../../../core/clock.ts'
import { FileError, NetworkError, ProtocolError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import { encodeText } from '../../../core/text.ts'
import { decodeReply, type Reply } from '../../wire/reply.ts'
import { textOf } from '../faults.ts'
import type { ForeignPaths } from '../foreign-paths.ts'
import { closed, cutOff, neverWhole, sessionEnded, silent } from './endings.ts'

/** So often the server may be silent, nearly, within one reply. */
const mostSilences = 10

/** So many replies may come of what goes on before the one that ends it. */
const mostWords = 100

const nothing = new Uint8Array(0)

/** Who is told of replies as they come. */
export interface Hearer {
  /** Whether to tell the next one too; if not, it is kept until somebody asks for it. */
  replied(reply: Reply): boolean
  /** The connection is over, and nothing more will be told. */
  lost(why: Error): void
}

/** How the control connection is told about, and how patient it is. */
export interface ControlOptions {
  readonly clock: Clock
  readonly silenceMs: number
  readonly said: (from: 'client' | 'server' | 'note', line: string) => void
}

/**
 * The control connection of a client: whole lines out, whole replies in, however the network cuts them. A reply that does not
 * come in time ends it for good, because the one that comes late would be taken for the answer to something else.
 */
export class Control {
  #conn: Conn
  readonly #options: ControlOptions
  #bytes = nothing
  #broken: Error | undefined
  #hears = false
  #hearer: Hearer | undefined
  /** Until when a reply is waited for, and how long that was to be. */
  #until = 0
  #waitMs = 0
  #timer: Timer | undefined
  /** When the timer runs out. */
  #rings = 0
  /** Whether the other side reads Telnet, where a byte 255 is doubled (RFC 854). */
  telnet = true
  /** How paths are written on the other side, where that is not as here. */
  foreign: ForeignPaths | undefined

  constructor(conn: Conn, options: ControlOptions) {
    this.#conn = conn
    this.#options = options
  }

  get conn(): Conn {
    return this.#conn
  }

  /** Whether commands can still be sent. */
  get usable(): boolean {
    return this.#broken === undefined
  }

  /** Whether a reply is waited for. */
  get hears(): boolean {
    return this.#hears || this.#hearer !== undefined
  }

  /** Goes on over the same connection, encrypted. What came in clear behind the reply is an attack, and nobody to greet. */
  async become(encrypt: (conn: Conn) => Promise<Conn>): Promise<void> {
    if (this.#bytes.length > 0) {
      throw this.#fail(new ProtocolError('the server sent something in clear where encryption had to begin'))
    }
    this.#conn = await encrypt(this.#conn)
  }

  /** Sends a command and gives its final reply. `shown` is what the transcript has of it. */
  ask(line: string, shown = line): Promise<Reply> {
    return this.#ask(line, shown, () => this.final())
  }

  /** Sends a command that moves data, and gives its first reply. */
  begin(line: string): Promise<Reply> {
    return this.#ask(line, line, () => this.reply())
  }

  /** The next reply that is no word of what goes on meanwhile (1xx). */
  async final(): Promise<Reply> {
    for (let heard = 0; heard < mostWords; heard += 1) {
      const reply = await this.reply()
      if (reply.code >= 200) return reply
    }
    throw this.#fail(new ProtocolError('the server goes on and on about what it does, and never ends'))
  }

  async #ask(line: string, shown: string, hear: () => Promise<Reply>): Promise<Reply> {
    this.#dropStrays()
    await this.send(line, shown)
    const reply = await hear()
    this.#mustGoOn(reply)
    return reply
  }

  /** What came before a question is no answer to it: a reply that was said twice would be taken for the next, and so on. */
  #dropStrays(): void {
    for (let stray = this.#take(); stray !== undefined; stray = this.#take()) this.#mustGoOn(stray)
  }

  /** Whatever was asked: with 421 the session is over, and this is why (RFC 959 §4.2). */
  #mustGoOn(reply: Reply): void {
    if (reply.code === 421) throw this.#fail(sessionEnded(reply))
  }

  /** Sends a command, in one write: routers that look into FTP miss one that is cut. */
  send(line: string, shown = line): Promise<void> {
    const words = this.#translated(line)
    return this.#write([words], [shown === line ? words : shown])
  }

  /** Sends several, in one write too. There is a reply to each. */
  async sendTogether(lines: readonly string[]): Promise<void> {
    const words = lines.map((line) => this.#translated(line))
    this.#dropStrays()
    return this.#write(words, words)
  }

  #translated(line: string): string {
    return this.foreign?.(line) ?? line
  }

  /** The next reply. */
  async reply(waitMs = this.#options.silenceMs): Promise<Reply> {
    if (this.#broken !== undefined) throw this.#broken
    const begun = this.#options.clock.ticks()
    for (;;) {
      const whole = this.#take()
      if (whole !== undefined) return whole
      // Whoever sends a byte now and then is not silent, but never sends a whole reply either.
      if (this.#options.clock.ticks() - begun > waitMs * mostSilences) throw this.#fail(neverWhole())
      const pieces = await this.#read(waitMs)
      if (pieces === undefined) throw this.#fail(closed())
      this.#keep(pieces)
    }
  }

  /**
   * Tells replies as they come, until `hush`, to who has sent what they answer. A promise and a timer for each cost as much as a
   * small file itself.
   */
  hear(hearer: Hearer): void {
    if (this.#broken !== undefined) return hearer.lost(this.#broken)
    this.#hearer = hearer
    try {
      for (let whole = this.#take(); whole !== undefined; whole = this.#take()) {
        if (!hearer.replied(whole)) return
      }
    } catch (thrown) {
      this.#fail(thrown)
      return
    }
    this.#hears = true
    this.#conn.read().then(
      (pieces) => this.#heard(hearer, pieces),
      (thrown: unknown) => {
        this.#hears = false
        this.#fail(cutOff(thrown))
      },
    )
  }

  #heard(hearer: Hearer, pieces: readonly Uint8Array[] | undefined): void {
    this.#hears = false
    if (pieces === undefined) this.#fail(closed())
    else {
      this.#keep(pieces)
      this.hear(hearer)
    }
  }

  /** How long what is told may take from now on, all of it together. */
  patience(waitMs = this.#options.silenceMs): void {
    this.#waitMs = waitMs
    this.#waitUntil(this.#options.clock.ticks() + waitMs)
  }

  /** Tells nobody any more: what comes next is asked for. */
  hush(): void {
    this.#hearer = undefined
  }

  /** Ends the connection at once. */
  destroy(reason?: Error): void {
    this.#over(reason ?? new NetworkError('closed', 'the connection is closed'))
  }

  /** What has come and is no whole reply yet: its first bytes tell who is speaking. */
  get begun(): Uint8Array {
    return this.#bytes
  }

  async #write(lines: readonly string[], shown: readonly string[]): Promise<void> {
    if (lines.some((line) => /[\r\n\0]/u.test(line))) {
      throw new FileError('invalid', 'a name with CR, LF or NUL in it cannot be sent by FTP')
    }
    if (this.#broken !== undefined) throw this.#broken
    for (const line of shown) this.#options.said('client', line)
    try {
      const bytes = encodeText(lines.map((line) => `${line}\r\n`).join(''))
      await this.#conn.write(this.telnet ? escapeIac(bytes) : bytes)
    } catch (thrown) {
      throw this.#fail(cutOff(thrown))
    }
  }

  #take(): Reply | undefined {
    if (this.#bytes.length === 0) return undefined
    try {
      const decoded = decodeReply(this.#bytes)
      if (decoded === undefined) return undefined
      this.#bytes = decoded.used === this.#bytes.length ? nothing : this.#bytes.slice(decoded.used)
      this.#options.said('server', textOf(decoded.value))
      return decoded.value
    } catch (thrown) {
      throw this.#fail(thrown)
    }
  }

  async #read(waitMs: number): Promise<readonly Uint8Array[] | undefined> {
    this.#waitMs = waitMs
    this.#waitUntil(this.#options.clock.ticks() + waitMs)
    this.#hears = true
    try {
      return await this.#conn.read()
    } catch (thrown) {
      // Where the wait ran out and ended the connection, the silence is the reason, and not that it is closed now.
      throw this.#broken ?? this.#fail(cutOff(thrown))
    } finally {
      this.#hears = false
    }
  }

  /** One timer for the replies of as long as it runs: to make one for each costs as much as to read it. */
  #waitUntil(until: number): void {
    this.#until = until
    if (this.#timer !== undefined && this.#rings <= until) return
    this.#timer?.cancel()
    this.#rings = until
    const { clock } = this.#options
    this.#timer = clock.after(Math.max(0, until - clock.ticks()), () => this.#rang())
  }

  #rang(): void {
    this.#timer = undefined
    if (!this.hears || !this.usable) return
    if (this.#options.clock.ticks() < this.#until) this.#waitUntil(this.#until)
    else this.#fail(silent(this.#waitMs))
  }

  #keep(pieces: readonly Uint8Array[]): void {
    const [first] = pieces
    if (first !== undefined && pieces.length === 1 && this.#bytes.length === 0) {
      this.#bytes = new Uint8Array(first)
      return
    }
    const size = pieces.reduce((sum, piece) => sum + piece.length, this.#bytes.length)
    const joined = new Uint8Array(size)
    joined.set(this.#bytes)
    let at = this.#bytes.length
    for (const piece of pieces) {
      joined.set(piece, at)
      at += piece.length
    }
    this.#bytes = joined
  }

  #fail(thrown: unknown): Error {
    const error = Error.isError(thrown) ? thrown : new Error(String(thrown))
    this.#over(error)
    return error
  }

  #over(why: Error): void {
    this.#broken ??= why
    this.#timer?.cancel()
    this.#conn.destroy()
    const hearer = this.#hearer
    this.#hearer = undefined
    hearer?.lost(this.#broken)
  }
}

/** A byte 255 that is not doubled would be taken for a Telnet command. */
function escapeIac(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(255)) return bytes
  return Uint8Array.from([...bytes].flatMap((byte) => (byte === 255 ? [255, 255] : [byte])))
}
