import type { Rate } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Login, Policy } from '../core/session.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { PassingFile, PassingStore } from './passing.ts'
import { TokenBucket, type Bucket } from './token-bucket.ts'

/** Makes what holds a rate that several sessions share; the key says which. */
export type SharedBucket = (key: string, bytesPerSecond: number) => Bucket

/**
 * Holds transfers to the speed of the server, of the account (shared by all its sessions) and of the session; a speed that
 * is said anew counts from the next session on. What the house reads for itself, for a hash, is not a transfer.
 */
export function bandwidth(
  clock: Clock,
  server: () => Rate = () => ({}),
  shared: SharedBucket = (_key, rate) => new TokenBucket(rate, clock),
): Policy {
  let ofServer: { readonly key: string; readonly buckets: Buckets } | undefined
  const ofAccounts = new Map<string, { readonly key: string; readonly buckets: Buckets }>()
  const own: SharedBucket = (_key, rate) => new TokenBucket(rate, clock)
  return (inner, login) => {
    const { name, rules } = login.account
    const rate = rules?.rate
    const ofAll = server()
    if (ofServer?.key !== keyOf(ofAll))
      ofServer = { key: keyOf(ofAll), buckets: bucketsOf(ofAll, 'server', shared) }
    const all = [ofServer.buckets, bucketsOf(rules?.sessionRate ?? {}, '', own)]
    if (rate !== undefined) {
      const key = keyOf(rate)
      const known = ofAccounts.get(name)
      const buckets = known?.key === key ? known.buckets : bucketsOf(rate, `account ${name}`, shared)
      if (ofAccounts.size >= mostKept) ofAccounts.clear()
      ofAccounts.set(name, { key, buckets })
      all.push(buckets)
    }
    const down = all.flatMap(({ download }) => download ?? [])
    const up = all.flatMap(({ upload }) => upload ?? [])
    return down.length + up.length === 0 ? inner : new Paced(inner, login, down, up)
  }
}

interface Buckets {
  readonly download?: Bucket
  readonly upload?: Bucket
}

/** Accounts whose buckets are kept while nobody uses them. */
const mostKept = 10_000

function keyOf({ download, upload }: Rate): string {
  return `${download} ${upload}`
}

function bucketsOf({ download, upload }: Rate, whose: string, make: SharedBucket): Buckets {
  return {
    ...(download === undefined ? {} : { download: make(`${whose} download`, download) }),
    ...(upload === undefined ? {} : { upload: make(`${whose} upload`, upload) }),
  }
}

class Paced extends PassingStore {
  readonly #login: Login
  readonly #down: readonly Bucket[]
  readonly #up: readonly Bucket[]

  constructor(inner: Store, login: Login, down: readonly Bucket[], up: readonly Bucket[]) {
    super(inner)
    this.#login = login
    this.#down = down
    this.#up = up
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    const file = await this.inner.open(path, how)
    return how.inside === true ? file : new PacedFile(file, this.#login, this.#down, this.#up)
  }
}

/** At a low rate little is read at once, so that a transfer moves often; TFTP's largest block is less. */
const leastRead = 64 * 1024

class PacedFile extends PassingFile {
  readonly #login: Login
  readonly #down: readonly Bucket[]
  readonly #up: readonly Bucket[]
  readonly #mostRead: number
  readonly #end = new AbortController()

  constructor(inner: OpenFile, login: Login, down: readonly Bucket[], up: readonly Bucket[]) {
    super(inner)
    this.#login = login
    this.#down = down
    this.#up = up
    this.#mostRead = Math.max(leastRead, Math.min(...down.map(({ slice }) => slice)))
    if (login.signal.aborted) this.#end.abort()
    login.signal.addEventListener('abort', this.#stop, { once: true })
  }

  override async read(into: Uint8Array, at: number): Promise<number> {
    if (this.#down.length === 0) return this.inner.read(into, at)
    const room = Math.min(into.length, this.#mostRead)
    const count = await this.inner.read(room < into.length ? into.subarray(0, room) : into, at)
    await this.#pass(this.#down, count)
    return count
  }

  override async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    await this.#pass(
      this.#up,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    )
    await this.inner.write(pieces, at)
  }

  override close(): Promise<void> {
    this.#stop()
    return this.inner.close()
  }

  override abort(reason: Error): Promise<void> {
    this.#stop()
    return this.inner.abort(reason)
  }

  async #pass(buckets: readonly Bucket[], bytes: number): Promise<void> {
    for (const bucket of buckets) await bucket.take(bytes, this.#end.signal)
    // Who waited for its turn until then moves nothing any more.
    if (this.#end.signal.aborted) throw new FileError('aborted', 'the transfer has ended')
  }

  /** Nobody waits for the turn of a file that is over. */
  readonly #stop = (): void => {
    this.#login.signal.removeEventListener('abort', this.#stop)
    this.#end.abort()
  }
}
