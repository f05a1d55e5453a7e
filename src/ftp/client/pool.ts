import { LoginError, NetworkError } from '../../core/error.ts'
import type { ClientHouse } from './house.ts'
import { FtpSession } from './session.ts'

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
  readonly #waiting: (() => void)[] = []
  #most: number
  #out = 0
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

  /** A session for the caller alone, until it is given back. */
  async take(signal?: AbortSignal): Promise<FtpSession> {
    for (;;) {
      if (this.#ended) throw new NetworkError('closed', 'the connection is closed')
      if (signal?.aborted === true) throw new NetworkError('aborted', 'stopped')
      const idle = this.#idle.pop()
      if (idle !== undefined) {
        this.#out += 1
        if (await this.#alive(idle)) return idle.session
        this.#out -= 1
        continue
      }
      if (this.#out < this.#most) {
        const session = await this.#open(signal)
        if (session !== undefined) return session
        continue
      }
      await this.#turn(signal)
    }
  }

  /** Takes a session back; what is broken is forgotten. */
  give(session: FtpSession): void {
    this.#out -= 1
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
    const session = await this.take(signal)
    const { used } = session
    const stop = (): void => session.control.destroy(new NetworkError('aborted', 'stopped'))
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return await work(session)
    } catch (thrown) {
      const broke = thrown instanceof NetworkError && !session.control.usable
      if (!broke || !used || signal?.aborted === true || this.#ended) throw thrown
    } finally {
      signal?.removeEventListener('abort', stop)
      this.give(session)
    }
    this.#house.said('note', 'the session was lost, trying once more')
    this.#forgetIdle()
    return this.#once(signal, work)
  }

  /** Says good-bye everywhere. */
  async end(): Promise<void> {
    this.#ended = true
    const idle = this.#idle.splice(0)
    this.#wake()
    await Promise.all(idle.map(({ session }) => session.quit()))
  }

  async #once<Result>(
    signal: AbortSignal | undefined,
    work: (session: FtpSession) => Promise<Result>,
  ): Promise<Result> {
    const session = await this.take(signal)
    try {
      return await work(session)
    } finally {
      this.give(session)
    }
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
      return undefined
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= mostWaiting) throw new Error('too many wait for a session')
    await new Promise<void>((resolve) => {
      const go = (): void => {
        signal?.removeEventListener('abort', go)
        resolve()
      }
      this.#waiting.push(go)
      signal?.addEventListener('abort', go, { once: true })
    })
  }

  #forgetIdle(): void {
    for (const { session } of this.#idle.splice(0)) session.control.destroy()
  }

  #wake(): void {
    const waiting = this.#ended ? this.#waiting.splice(0) : this.#waiting.splice(0, 1)
    for (const go of waiting) go()
  }
}
