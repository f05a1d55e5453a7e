import type { Path } from '../core/path.ts'
import type { Clock } from '../core/clock.ts'
import type { Policy } from '../core/session.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { PassingFile, PassingStore } from './passing.ts'

/** A file while a session has it open. */
export interface TransferNow {
  readonly path: string
  readonly since: number
  bytes: number
  direction: 'download' | 'upload'
}

/** The rule that forbids nothing and knows what is being transferred. */
export interface Witness {
  readonly policy: Policy
  of(session: string): readonly TransferNow[]
}

/** Keeps, for each session, the files that it has open and how far they are. */
export function witness(clock: Clock): Witness {
  const open = new Map<string, Set<TransferNow>>()
  return {
    policy: (inner, { id }) => new Watched(inner, id, open, clock),
    of: (session) => [...(open.get(session) ?? [])],
  }
}

class Watched extends PassingStore {
  readonly #id: string
  readonly #open: Map<string, Set<TransferNow>>
  readonly #clock: Clock

  constructor(inner: Store, id: string, open: Map<string, Set<TransferNow>>, clock: Clock) {
    super(inner)
    this.#id = id
    this.#open = open
    this.#clock = clock
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    const file = await this.inner.open(path, how)
    if (how.inside === true) return file
    const direction = how.write === true ? 'upload' : 'download'
    const now: TransferNow = { path, since: this.#clock.ticks(), bytes: 0, direction }
    const files = this.#open.get(this.#id) ?? new Set()
    this.#open.set(this.#id, files.add(now))
    return new WatchedFile(file, now, () => {
      files.delete(now)
      if (files.size === 0 && this.#open.get(this.#id) === files) this.#open.delete(this.#id)
    })
  }
}

class WatchedFile extends PassingFile {
  readonly #now: TransferNow
  readonly #over: () => void

  constructor(inner: OpenFile, now: TransferNow, over: () => void) {
    super(inner)
    this.#now = now
    this.#over = over
  }

  override async read(into: Uint8Array, at: number): Promise<number> {
    const count = await this.inner.read(into, at)
    this.#now.bytes += count
    return count
  }

  override async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    await this.inner.write(pieces, at)
    for (const piece of pieces) this.#now.bytes += piece.length
  }

  override async close(): Promise<void> {
    await this.inner.close()
    this.#over()
  }

  override async abort(reason: Error): Promise<void> {
    this.#over()
    await this.inner.abort(reason)
  }
}
