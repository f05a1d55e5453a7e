import type { Clock } from '../core/clock.ts'
import { NetworkError, ProtocolError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { encodeText } from '../core/text.ts'
import { decodeReply, type Reply } from '../ftp/wire/reply.ts'
import { speaks } from './speaks.ts'
import type { Outcome, Speaks } from './step.ts'
import { within } from './within.ts'

/** What came back, or why nothing did. */
export interface Heard {
  readonly outcome: Outcome
  readonly ms: number
  readonly reply?: Reply
  /** What the bytes are that are no reply. */
  readonly foreign?: Speaks
  /** What broke the connection. */
  readonly trouble?: NetworkError
}

const longestReply = 256 * 1024

/** A control connection at which each answer is timed, and no answer is an answer too. */
export class Dialogue {
  #conn: Conn
  readonly #clock: Clock
  readonly #said: (from: 'client' | 'server', line: string) => void
  #bytes = new Uint8Array(0)
  /** A read that was begun and not waited for to its end. */
  #reading: Promise<readonly Uint8Array[] | undefined> | undefined
  #lost: Heard | undefined

  constructor(conn: Conn, clock: Clock, said: (from: 'client' | 'server', line: string) => void) {
    this.#conn = conn
    this.#clock = clock
    this.#said = said
  }

  get conn(): Conn {
    return this.#conn
  }

  /** Whether an answer is owed: what came next might be that one, so nothing more is asked here. */
  get lost(): boolean {
    return this.#lost !== undefined
  }

  /** Goes on under TLS. False: something in clear came behind the reply, which is forged (RFC 4217 §15.1). */
  become(conn: Conn): boolean {
    this.#conn = conn
    this.#reading = undefined
    return this.#bytes.length === 0
  }

  /** Says a line and waits for its reply. `shown` is what the transcript has of it. */
  async say(line: string, waitMs: number, shown = line): Promise<Heard> {
    if (this.#lost !== undefined) return { ...this.#lost, ms: 0 }
    const started = this.#clock.ticks()
    this.#said('client', shown)
    try {
      await this.#conn.write(encodeText(`${line}\r\n`))
    } catch (thrown) {
      this.#lost = { outcome: outcomeOf(thrown), ms: this.#clock.ticks() - started, ...troubleOf(thrown) }
      return this.#lost
    }
    return this.hear(waitMs)
  }

  /** Waits for the next reply. */
  async hear(waitMs: number): Promise<Heard> {
    const heard = await this.#hear(waitMs)
    if (heard.reply === undefined) this.#lost = heard
    return heard
  }

  async #hear(waitMs: number): Promise<Heard> {
    const started = this.#clock.ticks()
    const passed = (): number => Math.round(this.#clock.ticks() - started)
    try {
      for (;;) {
        const reply = this.#take()
        if (reply !== undefined) {
          this.#said('server', `${reply.code} ${reply.lines.join(' / ')}`)
          return { outcome: reply.code >= 400 ? 'rejected' : 'works', ms: passed(), reply }
        }
        const pieces = await within(this.#clock, waitMs - passed(), this.#read())
        if (pieces === undefined) return { outcome: 'silence', ms: passed(), ...this.#foreign() }
        this.#reading = undefined
        if (pieces === 'end') return { outcome: 'cut', ms: passed(), ...this.#foreign() }
        for (const piece of pieces) this.#keep(piece)
        const foreign = speaks(this.#bytes)
        if (foreign !== 'ftp' && foreign !== 'nothing') {
          return { outcome: 'rejected', ms: passed(), foreign }
        }
      }
    } catch (thrown) {
      if (thrown instanceof ProtocolError) return { outcome: 'rejected', ms: passed(), foreign: 'unknown' }
      return { outcome: outcomeOf(thrown), ms: passed(), ...this.#foreign(), ...troubleOf(thrown) }
    }
  }

  /** Leaves without waiting for anything. */
  leave(): void {
    // What comes of it is no news any more, unless it is a bug of ours.
    this.#reading?.catch(outcomeOf)
    this.#conn.destroy()
  }

  async #read(): Promise<readonly Uint8Array[] | 'end'> {
    this.#reading ??= this.#conn.read()
    return (await this.#reading) ?? 'end'
  }

  #take(): Reply | undefined {
    if (this.#bytes.length === 0 || speaks(this.#bytes) !== 'ftp') return undefined
    const decoded = decodeReply(this.#bytes, longestReply)
    if (decoded === undefined) return undefined
    this.#bytes = this.#bytes.slice(decoded.used)
    return decoded.value
  }

  #foreign(): { readonly foreign?: Speaks } {
    return this.#bytes.length === 0 ? {} : { foreign: speaks(this.#bytes) }
  }

  #keep(piece: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + piece.length)
    joined.set(this.#bytes)
    joined.set(piece, this.#bytes.length)
    this.#bytes = joined
  }
}

function troubleOf(thrown: unknown): { readonly trouble?: NetworkError } {
  return thrown instanceof NetworkError ? { trouble: thrown } : {}
}

/** What an error of a connection means for a step. */
export function outcomeOf(thrown: unknown): Outcome {
  if (!(thrown instanceof NetworkError)) throw thrown
  switch (thrown.fault) {
    case 'refused':
      return 'refused'
    case 'timeout':
      return 'silence'
    case 'unreachable':
    case 'no-such-address':
      return 'unreachable'
    case 'reset':
    case 'closed':
    case 'in-use':
    case 'not-permitted':
    case 'not-found':
    case 'aborted':
    case 'failed':
      return 'cut'
  }
}
