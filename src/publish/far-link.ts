import type { Clock } from '../core/clock.ts'
import { asError, NetworkError } from '../core/error.ts'
import { pause } from '../core/pause.ts'
import type { Dialled } from '../ssh/client/dial.ts'
import type { SshConnection } from '../ssh/client/connection.ts'

/** What a link needs, and whom it tells. */
export interface FarLinkParts {
  readonly clock: Clock
  dial(signal: AbortSignal): Promise<Dialled>
  /** A connection stands: the first one, or another one. Where this rejects it is given up and tried again. */
  stands(ssh: SshConnection): Promise<void>
  lost(reason: Error): void
  /** Once more no connection came about. */
  tried(reason: Error): void
}

const firstWaitMs = 1000
const longestWaitMs = 60_000

/** A connection that held so long was no flapping one. */
const steadyMs = 30_000

/** An SSH connection that is made again whenever it is lost. */
export class FarLink {
  readonly #parts: FarLinkParts
  readonly #stop = new AbortController()
  #dialled: Dialled | undefined
  #waitMs = firstWaitMs

  constructor(parts: FarLinkParts) {
    this.#parts = parts
  }

  /** The connection, while it stands. */
  get ssh(): SshConnection | undefined {
    return this.#dialled?.ssh
  }

  /**
   * Connects. Where the network is why that does not go, the reason comes back and it is tried again by and by; whoever is not
   * let in or not trusted now will not be in a minute, so that rejects.
   */
  async begin(): Promise<NetworkError | undefined> {
    try {
      await this.#connect()
      return undefined
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      void this.#again()
      return thrown
    }
  }

  async end(): Promise<void> {
    this.#stop.abort(new NetworkError('aborted', 'stopped'))
    const dialled = this.#dialled
    this.#dialled = undefined
    await dialled?.end()
  }

  async #connect(): Promise<void> {
    const dialled = await this.#parts.dial(this.#stop.signal)
    const { ssh } = dialled
    try {
      this.#stop.signal.throwIfAborted()
      this.#dialled = dialled
      await this.#parts.stands(ssh)
    } catch (thrown) {
      this.#dialled = undefined
      await dialled.end()
      throw thrown
    }
    const since = this.#parts.clock.ticks()
    const lost = (): void => this.#lost(dialled, since, asError(ssh.signal.reason))
    if (ssh.signal.aborted) lost()
    else ssh.signal.addEventListener('abort', lost, { once: true })
  }

  #lost(dialled: Dialled, since: number, reason: Error): void {
    if (this.#dialled !== dialled) return
    this.#dialled = undefined
    if (this.#parts.clock.ticks() - since >= steadyMs) this.#waitMs = firstWaitMs
    this.#parts.lost(reason)
    // Those that it went through stand still.
    void dialled.end()
    void this.#again()
  }

  async #again(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        await pause(this.#parts.clock, this.#waitMs, signal)
        this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs)
        await this.#connect()
        return
      } catch (thrown) {
        if (!signal.aborted) this.#parts.tried(asError(thrown))
      }
    }
  }
}
