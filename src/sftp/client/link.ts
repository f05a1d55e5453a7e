import type { Blocks } from '../../core/blocks.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import { asError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { ExtensionName } from '../wire/extension.ts'
import { readHello, writeHello, type Hello } from '../wire/hello.ts'
import { Messages } from '../wire/messages.ts'
import { Outbox, type PieceConn } from '../wire/outbox.ts'
import { readReply, type SftpReply } from '../wire/reply.ts'
import { writeRequest, type Asked, type RequestKind, type SftpRequest } from '../wire/request.ts'
import { OpenHandles } from './open-handles.ts'
import { windowFor } from './window.ts'

export interface LinkOptions {
  readonly conn: PieceConn
  readonly clock: Clock
  readonly blocks: Blocks
  /** How long the other side may be silent while it owes an answer. */
  readonly silenceMs: number
}

/** What is taken from a reply; data in it is lent, and gone when this returns, unless it is kept. */
export type Take<Result> = (reply: SftpReply, keep: Keep) => Result

/** Keeps the data of a reply, and gives the way to give it back. */
export type Keep = () => () => void

interface Pending {
  readonly take: Take<void>
  readonly fail: (reason: Error) => void
  readonly lengthy: boolean
}

/**
 * What takes as long as a file is large, and is answered when all is done: in between nobody is silent who should speak. Whether
 * the server still lives is asked in SSH.
 */
const lengthy: readonly string[] = [
  'copy-data',
  'check-file-name',
  'check-file-handle',
  'fsync@openssh.com',
] satisfies readonly ExtensionName[]

/** Some servers answer with more than they were asked for; none has reason to send more than this. */
const longestReply = 1024 * 1024

/** Requests and their answers on one connection: many under way at once, each answered in its own time. */
export class Link {
  readonly #conn: PieceConn
  readonly #clock: Clock
  readonly #silenceMs: number
  readonly #messages: Messages
  readonly #outbox: Outbox
  readonly #pending = new Map<number, Pending>()
  readonly #handles = new OpenHandles()
  #next = 0
  #answers = 0
  #failure: Error | undefined
  #heard: number
  #watch: Timer | undefined
  /** The shortest time that an answer took. */
  #roundTripMs = Infinity

  constructor(options: LinkOptions) {
    this.#conn = options.conn
    this.#clock = options.clock
    this.#silenceMs = options.silenceMs
    this.#messages = new Messages(options.conn, options.blocks, longestReply)
    this.#outbox = new Outbox(options.conn, () => undefined)
    this.#heard = options.clock.ticks()
  }

  get roundTripMs(): number {
    return this.#roundTripMs
  }

  /** How many answers have come. */
  get answers(): number {
    return this.#answers
  }

  /** Why nothing can be asked any more; undefined: it can. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Says hello. What the server can do comes back. */
  async greet(): Promise<Hello> {
    const begun = this.#clock.ticks()
    let silence: Error | undefined
    const late = this.#clock.after(this.#silenceMs, () => {
      silence = this.#silence()
      this.#conn.destroy(silence)
    })
    try {
      this.#outbox.add([writeHello('client', { version: 3, extensions: [] })])
      const message = await this.#messages.next()
      if (message === undefined) throw new ProtocolError('the server ended the session before it said hello')
      const hello = readHello(message.bytes, 'server')
      message.release()
      if (hello.version < 3)
        throw new ProtocolError(`the server speaks only version ${hello.version} of SFTP`)
      this.#roundTripMs = this.#clock.ticks() - begun
      this.#conn.widen?.(windowFor(this.#roundTripMs))
      void this.#hear()
      return hello
    } catch (thrown) {
      // A channel that was destroyed says so, as if a person had stopped it.
      throw silence ?? thrown
    } finally {
      late.cancel()
    }
  }

  /** Asks, and gives what `take` makes of the answer. Data must not change before `sent` is called, which it is in any case. */
  ask<Kind extends RequestKind, Result>(
    kind: Kind,
    asked: Asked<Kind>,
    take: Take<Result>,
    sent?: () => void,
  ): Promise<Result> {
    if (this.#failure !== undefined) {
      sent?.()
      return Promise.reject(this.#failure)
    }
    this.#next = (this.#next + 1) >>> 0
    const id = this.#next
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const begun = this.#clock.ticks()
    const closed = kind === 'close' ? (asked as Asked<'close'>).handle : undefined
    if (closed !== undefined) this.#handles.ending(closed, id)
    this.#pending.set(id, {
      fail: reject,
      lengthy: kind === 'extended' && lengthy.includes((asked as Asked<'extended'>).name),
      take: (reply, keep) => {
        this.#roundTripMs = Math.min(this.#roundTripMs, this.#clock.ticks() - begun)
        if (closed !== undefined) this.#handles.ended(closed, id)
        try {
          resolve(take(reply, keep))
        } catch (thrown) {
          reject(asError(thrown))
        }
      },
    })
    if (this.#pending.size === 1) this.#heard = begun
    this.#watchSilence()
    this.#outbox.add(writeRequest({ kind, id, ...asked } as unknown as SftpRequest), sent)
    return promise
  }

  /** Ends the session; what is still owed is never answered. */
  async end(): Promise<void> {
    await this.#outbox.emptied()
    const over = new NetworkError('closed', 'the session is closed')
    const wasUp = this.#failure === undefined
    this.#fail(over)
    try {
      if (wasUp) await this.#conn.end()
    } catch {
      // Gone already, which is what was wanted.
    }
    this.#conn.destroy()
  }

  async #hear(): Promise<void> {
    try {
      for (;;) {
        const message = await this.#messages.next()
        if (message === undefined) throw new NetworkError('closed', 'the server ended the session')
        this.#heard = this.#clock.ticks()
        this.#answers += 1
        const reply = readReply(message.bytes)
        const pending = this.#pending.get(reply.id)
        if (pending === undefined) throw new ProtocolError('an answer to what nobody asked')
        this.#pending.delete(reply.id)
        if (reply.kind === 'handle') this.#heldOnce(reply, pending)
        let kept = false
        pending.take(reply, () => {
          kept = true
          return () => message.release()
        })
        if (!kept) message.release()
      }
    } catch (thrown) {
      const reason = brokenBy(asError(thrown))
      this.#fail(reason)
      this.#conn.destroy(reason)
    }
  }

  /** What was asked for the handle hears of it like all others. */
  #heldOnce({ handle, id }: SftpReply & { kind: 'handle' }, { fail }: Pending): void {
    try {
      this.#handles.opened(handle, id)
    } catch (thrown) {
      fail(asError(thrown))
      throw thrown
    }
  }

  #fail(reason: Error): void {
    this.#failure ??= reason
    this.#watch?.cancel()
    this.#watch = undefined
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { fail } of pending) fail(this.#failure)
  }

  /** One timer while anything is owed: silence is what has not been heard since the last answer. */
  #watchSilence(): void {
    if (this.#watch !== undefined || this.#failure !== undefined) return
    const left = this.#silenceMs - (this.#clock.ticks() - this.#heard)
    this.#watch = this.#clock.after(Math.max(left, 1), () => {
      this.#watch = undefined
      if (this.#pending.size === 0) return
      if (this.#isLengthy) this.#heard = this.#clock.ticks()
      if (this.#clock.ticks() - this.#heard < this.#silenceMs) return this.#watchSilence()
      const reason = this.#silence()
      this.#fail(reason)
      this.#conn.destroy(reason)
    })
  }

  get #isLengthy(): boolean {
    for (const pending of this.#pending.values()) if (pending.lengthy) return true
    return false
  }

  #silence(): Error {
    const seconds = Math.round(this.#silenceMs / 1000)
    return brokenBy(new NetworkError('timeout', `the server has said nothing for ${seconds} s`))
  }
}

/** Over another connection the same may go well. */
function brokenBy<Reason extends Error>(reason: Reason): Reason | NetworkError {
  if (!(reason instanceof NetworkError) || reason.fault === 'aborted') return reason
  const facts = { phase: 'command', retryable: true, connectionUsable: false, ...reason.facts } as const
  return new NetworkError(reason.fault, reason.message, { cause: reason, facts })
}
