import type { Timer } from '../../../core/clock.ts'
import { LoginError, NetworkError, OneSessionError } from '../../../core/error.ts'
import { Asking } from '../../../core/asking.ts'
import type { ClientHouse } from '../house.ts'
import { FtpSession } from './session.ts'
import { NotTogether } from './say-together.ts'

/** How long a session may have lain idle and still be trusted to be there. */
const trustedMs = 50_000

/** More files wait for a session than this only by mistake. */
const mostWaiting = 10_000

interface Idle {
  readonly session: FtpSession
  readonly since: number
}

/** Sessions with one server, as many at once as are allowed. Each does one thing at a time. */
export class SessionPool {
  readonly #house: ClientHouse
  readonly #idle: Idle[] = []
  readonly #waiting = new Set<() => void>()
  /** How many of those that waited were called and have not come yet: as many idle sessions are theirs. */
  #called = 0
  readonly #lent = new Set<FtpSession>()
  #most: number
  /** How many are lent or being opened. */
  #out = 0
  /** Those that wait for another session while they hold one, and how to refuse it them. */
  readonly #holding = new Set<() => void>()
  #ended = false

  constructor(house: ClientHouse, most: number) {
    this.#house = house
    this.#most = most
  }

  /** Puts a session in, which was opened elsewhere. */
  add(session: FtpSession): void {
    this.#out += 1
    this.give(session)
  }

  /**
   * A session for the caller alone, until it is given back. Who `holds` another one meanwhile is refused where all wait like that:
   * a server that lets in one session, or a few, would be waited for by each for ever.
   */
  async take(signal?: AbortSignal, holds = false): Promise<FtpSession> {
    return this.#atOnce(signal) ?? this.#lend(await this.#taken(signal, holds), this.#house.clock.ticks())
  }

  /** One that lies there, if it needs no question whether the server still has it. */
  #atOnce(signal: AbortSignal | undefined): FtpSession | undefined {
    const last = this.#idle.at(-1)
    if (last === undefined || this.#idle.length <= this.#called) return undefined
    if (this.#ended || signal?.aborted === true) return undefined
    const now = this.#house.clock.ticks()
    if (!last.session.control.usable || now - last.since >= trustedMs) return undefined
    this.#idle.pop()
    this.#out += 1
    return this.#lend(last.session, now)
  }

  #lend(session: FtpSession, now: number): FtpSession {
    session.movedAt = now
    this.#lent.add(session)
    return session
  }

  async #taken(signal: AbortSignal | undefined, holds: boolean): Promise<FtpSession> {
    for (;;) {
      if (this.#ended) throw new NetworkError('closed', 'the connection is closed')
      if (signal?.aborted === true) {
        // The turn may have been this one's.
        this.#wake()
        throw new NetworkError('aborted', 'stopped')
      }
      const idle = this.#idle.length > this.#called ? this.#idle.pop() : undefined
      if (idle !== undefined) {
        this.#out += 1
        if (await this.#alive(idle)) return idle.session
        this.#out -= 1
        continue
      }
      if (this.#out + this.#idle.length < this.#most) {
        const session = await this.#open(signal)
        if (session !== undefined) return session
        continue
      }
      const turn = this.#turn(signal, holds)
      try {
        await turn.comes
      } finally {
        turn.end()
      }
    }
  }

  /** Whether a session can be had without waiting for one that is lent. */
  get hasRoom(): boolean {
    return this.#idle.length > this.#called || this.#out + this.#idle.length < this.#most
  }

  /** Whether somebody waits for a session. */
  get isWanted(): boolean {
    return this.#waiting.size > 0
  }

  /** Takes a session back; what is broken is forgotten. */
  give(session: FtpSession): void {
    this.#out -= 1
    this.#lent.delete(session)
    if (session.control.usable && !this.#ended) {
      this.#idle.push({ session, since: this.#house.clock.ticks() })
    } else session.control.destroy()
    this.#wake()
  }

  /**
   * Does something with a session. One that had lain idle may have been forgotten by the server or a router: what breaks at its
   * first word is tried once more with a new one.
   */
  async with<Result>(
    signal: AbortSignal | undefined,
    work: (session: FtpSession) => Promise<Result>,
  ): Promise<Result> {
    for (let isSecond = false; ; isSecond = true) {
      const session = this.#atOnce(signal) ?? (await this.take(signal))
      const { used } = session
      const stop = (): void => session.control.destroy(new NetworkError('aborted', 'stopped'))
      signal?.addEventListener('abort', stop, { once: true })
      try {
        return await work(session)
      } catch (thrown) {
        const broke = thrown instanceof NetworkError && !session.control.usable && used
        const again = !isSecond && (broke || thrown instanceof NotTogether)
        if (!again || signal?.aborted === true || this.#ended) throw thrown
      } finally {
        signal?.removeEventListener('abort', stop)
        this.give(session)
      }
      this.#house.said('note', 'the session was lost, trying once more')
      this.#forgetIdle()
    }
  }

  /** How a question is asked that changes nothing. */
  asking(signal: AbortSignal | undefined): Asking {
    const { clock, said, options } = this.#house
    const isEnded = (): boolean => this.#ended
    return new Asking({
      clock,
      retries: options.retries,
      signal,
      isEnded,
      said: (line) => said('note', line),
    })
  }

  /** Says good-bye everywhere. */
  async end(): Promise<void> {
    this.#ended = true
    const idle = this.#idle.splice(0)
    this.#wake()
    await Promise.all(idle.map(({ session }) => session.quit()))
  }

  async #alive({ session, since }: Idle): Promise<boolean> {
    if (!session.control.usable) return false
    if (this.#house.clock.ticks() - since < trustedMs) return true
    try {
      if ((await session.control.ask('NOOP')).code < 400) return true
    } catch {
      // It is gone, as many are after a while.
    }
    session.control.destroy()
    return false
  }

  /** undefined: the server takes no more at once, and one of those that there are must do. */
  async #open(signal: AbortSignal | undefined): Promise<FtpSession | undefined> {
    this.#out += 1
    try {
      return await FtpSession.open(this.#house, signal)
    } catch (thrown) {
      this.#out -= 1
      const others = this.#out + this.#idle.length
      const full = thrown instanceof LoginError || thrown instanceof NetworkError
      if (!full || others === 0 || signal?.aborted === true) {
        this.#wake()
        throw thrown
      }
      this.#house.said('note', `the server takes no more than ${others} connections at once`)
      this.#most = others
      this.#refuseOne()
      return undefined
    }
  }

  /** Comes when one comes back, as long as something is done with those that are lent. Whoever it comes for ends it, and takes the session. */
  #turn(signal: AbortSignal | undefined, holds: boolean): { comes: Promise<void>; end(): void } {
    if (this.#waiting.size >= mostWaiting) throw new Error('too many wait for a session')
    const { clock, silenceMs } = this.#house
    const { promise: comes, resolve, reject } = Promise.withResolvers<void>()
    const stop = (): void => resolve()
    let isCalled = false
    const go = (): void => {
      isCalled = true
      this.#called += 1
      resolve()
    }
    let timer: Timer | undefined
    const watch = (): void => {
      timer = clock.after(silenceMs, () => (this.#allRest() ? reject(heldUp(this.#out)) : watch()))
    }
    watch()
    const refuse = (): void => reject(new OneSessionError(this.#out))
    this.#waiting.add(go)
    if (holds) this.#holding.add(refuse)
    this.#refuseOne()
    signal?.addEventListener('abort', stop, { once: true })
    const end = (): void => {
      if (isCalled) this.#called -= 1
      timer?.cancel()
      this.#waiting.delete(go)
      this.#holding.delete(refuse)
      signal?.removeEventListener('abort', stop)
    }
    return { comes, end }
  }

  /** Where all that are lent wait for one another the last has to give up what it holds. */
  #refuseOne(): void {
    if (this.#out <= this.#holding.size) [...this.#holding].at(-1)?.()
  }

  /** Nothing has been done with any of them for longer than a server may be silent: who has them waits for something else. */
  #allRest(): boolean {
    const { clock, silenceMs } = this.#house
    const since = clock.ticks() - 2 * silenceMs
    const rest = [...this.#lent].every(({ control, movedAt }) => !control.hears && movedAt <= since)
    return rest && this.#lent.size === this.#out
  }

  #forgetIdle(): void {
    for (const { session } of this.#idle.splice(0)) session.control.destroy()
  }

  #wake(): void {
    for (const go of this.#waiting) {
      this.#waiting.delete(go)
      go()
      if (!this.#ended) return
    }
  }
}

function heldUp(count: number): NetworkError {
  const what = count === 1 ? 'the only session is' : `all ${count} sessions are`
  return new NetworkError('timeout', `${what} held by files that are open, and nobody reads or writes them`, {
    facts: {
      retryable: true,
      connectionUsable: true,
      hint: 'Read such a file to its end or close it first, or allow more connections.',
    },
  })
}
