import type { Clock } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import type { RemoteFile } from '../../core/remote.ts'

/** A transfer that is complete here, and whose last ACK may have to be said again. */
export interface Lingering {
  /** Whether packets were seen to be lost: then the last ACK may be, too. */
  readonly lossy: boolean
  readonly until: Promise<void>
  stop(): void
}

/** A server that did not hear the last ACK says its last block again within this: tftpd-hpa after a second. */
const repeatedWithinMs = 1500

/** What of one server is open, and what lingers. */
export class OpenFiles {
  readonly #clock: Clock
  readonly #open = new Map<RemoteFile, () => void>()
  readonly #lingering = new Set<Lingering>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The file is aborted when the signal says so, as long as it is open. */
  add(file: RemoteFile, signal: AbortSignal | undefined): void {
    const stop = (): void => void file.abort(new NetworkError('aborted', 'stopped'))
    signal?.addEventListener('abort', stop, { once: true })
    this.#open.set(file, () => signal?.removeEventListener('abort', stop))
    if (signal?.aborted === true) stop()
  }

  over(file: RemoteFile): void {
    this.#open.get(file)?.()
    this.#open.delete(file)
  }

  linger(lingering: Lingering): void {
    this.#lingering.add(lingering)
    void lingering.until.then(() => this.#lingering.delete(lingering))
  }

  /** Ends what is open. A last ACK is waited for only where it may be lost: it is the server that wants it, not the file. */
  async end(): Promise<void> {
    for (const file of this.#open.keys()) await file.abort(new NetworkError('aborted', 'stopped'))
    const lingering = [...this.#lingering]
    const stop = (all: boolean): void => {
      for (const one of lingering) if (all || !one.lossy) one.stop()
    }
    stop(false)
    const timer = this.#clock.after(repeatedWithinMs, () => stop(true))
    await Promise.all(lingering.map(({ until }) => until))
    timer.cancel()
  }
}
