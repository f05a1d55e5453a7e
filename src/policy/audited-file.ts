import type { Clock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Path } from '../core/path.ts'
import type { Login } from '../core/session.ts'
import type { Entry, OpenFile, Opening } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'

/** Counts what goes through an open file, and tells it once at the end: complete or not. */
export class AuditedFile implements OpenFile {
  readonly #inner: OpenFile
  readonly #path: Path
  readonly #login: Login
  readonly #events: Events
  readonly #clock: Clock
  readonly #begun: number
  readonly #inside: boolean
  #downloads = false
  #uploads: boolean
  #read = 0
  #written = 0
  /** Why the first write was not made: whoever gives the file up for that may say less. */
  #failure: Error | undefined

  constructor(inner: OpenFile, path: Path, how: Opening, login: Login, events: Events, clock: Clock) {
    this.#inner = inner
    this.#path = path
    this.#login = login
    this.#events = events
    this.#clock = clock
    this.#begun = clock.ticks()
    this.#inside = how.inside === true
    // Opened to write into an old file and then only read (SFTP clients do that), nothing was uploaded.
    this.#uploads = how.write === true && (how.create !== undefined || how.truncate === true)
  }

  stat(): Promise<Entry> {
    return this.#inner.stat()
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    this.#downloads = !this.#inside
    // So an empty file is told of by who has nothing to read of it.
    if (into.length === 0) return 0
    const count = await this.#inner.read(into, at)
    // A store of whoever embeds us may answer anything, and what was not read must not count as sent.
    if (!(count >= 0 && count <= into.length))
      throw new Error(`the store says that it read ${count} bytes, of ${into.length} at most`)
    this.#read += count
    return count
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    this.#uploads = true
    try {
      await this.#inner.write(pieces, at)
    } catch (thrown) {
      this.#failure ??= asError(thrown)
      throw thrown
    }
    for (const piece of pieces) this.#written += piece.length
  }

  sync(): Promise<void> {
    return syncFile(this.#inner)
  }

  async close(): Promise<void> {
    await this.#inner.close()
    this.#tell({ outcome: 'complete' })
  }

  async abort(reason: Error): Promise<void> {
    // Told first: what the store has to say about the end of an incomplete file changes nothing about it.
    this.#tell({ outcome: 'incomplete', reason: (this.#failure ?? reason).message })
    await this.#inner.abort(reason)
  }

  #tell(end: { outcome: 'complete' } | { outcome: 'incomplete'; reason: string }): void {
    // Microseconds tell all that there is to tell: a log of many digits is harder to read, and of none would sum small files up to nothing.
    const ms = Math.round((this.#clock.ticks() - this.#begun) * 1000) / 1000
    const { id: session, protocol, peer, account } = this.#login
    const who = { session, protocol, peer, account: account.name, path: this.#path, ms }
    if (this.#uploads) this.#events.emit({ kind: 'upload', ...who, bytes: this.#written, ...end })
    if (this.#downloads) this.#events.emit({ kind: 'download', ...who, bytes: this.#read, ...end })
  }
}
