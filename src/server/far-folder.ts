import { masking } from '../core/masking.ts'
import { connectStore, type ConnectOptions } from '../client/connect.ts'
import { parseLocation } from '../client/location.ts'
import type { Clock, Timer } from '../core/clock.ts'
import { asError, FileError, NetworkError, ProtocolError } from '../core/error.ts'
import { joinPath, nameOf, parentOf, parsePath, resolvePath, rootPath, type Path } from '../core/path.ts'
import type { RemoteStore } from '../core/remote.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { partialNameHere, partialNameThere } from '../policy/partials.ts'
import { farFile } from './far-file.ts'
import { plainFault } from './far-fault.ts'

/** A folder of another server. */
export interface FarOptions {
  readonly url: string
  readonly password?: () => Promise<string | undefined>
  readonly how: Pick<ConnectOptions, 'hosts' | 'tls' | 'network'>
  readonly clock: Clock
  /** Told what whoever runs the server should know, without a password. */
  readonly warn: (text: string) => void
}

/** A folder of another server: it is called when somebody looks in there, and again when the connection was lost. */
export interface FarFolder extends Store {
  end(): Promise<void>
}

/** Reads the URL, and calls nobody yet. */
export function farFolder(options: FarOptions): FarFolder {
  return new Far(options)
}

/** How long a call, a login or any other deed may take until it has begun to answer. */
const longestMs = 20_000
/** Whom nobody answered is not called again so soon: all who look in there would wait. */
const restMs = 5000
/** A connection that lay idle so long may be lost, and is asked first: no deed is then done twice or not at all. */
const trustedMs = 2000
/** Nobody used it, and it is given back. */
const idleMs = 60_000
const mostConnections = 16

/** A connection, with the folder that is the root here. */
interface Line {
  readonly store: RemoteStore
  readonly base: Path
}

class Far implements FarFolder {
  readonly features: ReadonlySet<Feature>
  readonly #options: FarOptions
  readonly #location
  readonly #since: Date
  #line: Promise<Line> | undefined
  #used = 0
  #files = 0
  #idle: Timer | undefined
  #failed: { readonly at: number; readonly error: FileError } | undefined

  constructor(options: FarOptions) {
    const location = parseLocation(options.url)
    if (location.kind === 'local' || location.scheme === 'tftp')
      throw new FileError('invalid', 'a folder of another server is ftp://, ftps://, ftpes:// or sftp://')
    this.#options = options
    this.#location = location
    this.#since = new Date(options.clock.now())
    // Links are not among them: one could lead out of the folder.
    this.features = new Set(location.scheme === 'sftp' ? ['modes', 'times', 'space'] : ['times'])
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    // The root is there whether the other server answers or not: a home can be listed without it.
    if (path === rootPath) return { name: '', kind: 'directory', size: 0, modified: this.#since }
    return this.#do(({ store, base }) => store.stat(below(base, path), follow))
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    const batches = await this.#do(async ({ store, base }) =>
      store.list(below(base, path))[Symbol.asyncIterator](),
    )
    try {
      for (;;) {
        const { done, value } = await this.#timely(() => batches.next())
        if (done === true) return
        yield value.map((entry) => ({ ...entry, name: partialNameHere(entry.name) }))
      }
    } catch (thrown) {
      throw this.#explained(thrown)
    } finally {
      await batches.return?.()
    }
  }

  open(path: Path, how: Opening): Promise<OpenFile> {
    return this.#do(async ({ store, base }) => {
      const file = await store.open(below(base, path), how)
      this.#files += 1
      return farFile(
        file,
        (thrown) => this.#explained(thrown),
        () => {
          this.#files -= 1
          this.#rest()
        },
      )
    })
  }

  remove(path: Path): Promise<void> {
    return this.#do(({ store, base }) => store.remove(below(base, path)))
  }

  mkdir(path: Path): Promise<void> {
    return this.#do(({ store, base }) => store.mkdir(below(base, path)))
  }

  rmdir(path: Path): Promise<void> {
    return this.#do(({ store, base }) => store.rmdir(below(base, path)))
  }

  rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.#do(({ store, base }) => store.rename(below(base, from), below(base, to), replace))
  }

  change(path: Path, to: Change): Promise<void> {
    return this.#do(({ store, base }) => store.change(below(base, path), to))
  }

  async link(): Promise<void> {
    throw new FileError('unsupported', 'no links can be made on another server')
  }

  space(path: Path): Promise<Space> {
    return this.#do(({ store, base }) => store.space(below(base, path)))
  }

  async end(): Promise<void> {
    this.#idle?.cancel()
    const line = this.#line
    this.#line = undefined
    await line?.then(({ store }) => store.end()).catch(() => undefined)
  }

  /** A deed on a connection that is known to be there. */
  async #do<Result>(deed: (line: Line) => Promise<Result>): Promise<Result> {
    try {
      const { store, base } = await this.#connected()
      return await this.#timely((signal) => deed({ store: store.under(signal), base }))
    } catch (thrown) {
      throw this.#explained(thrown)
    } finally {
      this.#rest()
    }
  }

  async #connected(): Promise<Line> {
    const { clock } = this.#options
    if (this.#line !== undefined && clock.ticks() - this.#used > trustedMs) {
      const line = this.#line
      try {
        const { store, base } = await line
        await this.#timely((signal) => store.under(signal).stat(base))
      } catch (thrown) {
        if (!(thrown instanceof FileError) && this.#line === line) await this.end()
      }
    }
    if (this.#line === undefined && this.#failed !== undefined && clock.ticks() - this.#failed.at < restMs)
      throw this.#failed.error
    this.#line ??= this.#call()
    return this.#line
  }

  async #call(): Promise<Line> {
    const { how, password, clock } = this.#options
    let secret = this.#location.password
    try {
      const store = await this.#timely((signal) =>
        connectStore(this.#location, {
          ...how,
          clock,
          signal,
          silenceMs: longestMs,
          connections: mostConnections,
          ...(password === undefined ? {} : { password: async () => (secret ??= await password()) }),
        }),
      )
      this.#failed = undefined
      return { store, base: resolvePath(store.home, this.#location.path) }
    } catch (thrown) {
      this.#line = undefined
      const error = plainFault(thrown)
      this.#failed = { at: clock.ticks(), error }
      // A server may say back what it was told.
      const why = masking(secret)(asError(thrown).message)
      this.#options.warn(`the folder of ${this.#location.host} cannot be had: ${why}`)
      throw error
    }
  }

  /** Ends what has not begun to answer in time. */
  async #timely<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = new AbortController()
    const late = new NetworkError('timeout', `no answer in ${longestMs / 1000} s`)
    let timer: Timer | undefined
    const limit = new Promise<never>((_resolve, reject) => {
      timer = this.#options.clock.after(longestMs, () => {
        reject(late)
        stop.abort(late)
      })
    })
    try {
      return await Promise.race([work(stop.signal), limit])
    } finally {
      timer?.cancel()
    }
  }

  /** Says it in words for whoever is served, and forgets a connection that is no more. */
  #explained(thrown: unknown): unknown {
    const lost =
      (thrown instanceof NetworkError || thrown instanceof ProtocolError) &&
      thrown.facts.connectionUsable !== true
    if (lost && this.#files === 0) void this.end()
    return plainFault(thrown)
  }

  #rest(): void {
    const { clock } = this.#options
    this.#used = clock.ticks()
    this.#idle?.cancel()
    this.#idle = clock.after(idleMs, () => {
      if (this.#files === 0) void this.end()
    })
  }
}

function below(base: Path, path: Path): Path {
  const there = path === rootPath ? path : joinPath(parentOf(path), partialNameThere(nameOf(path)))
  return base === rootPath ? there : parsePath(`${base}${there}`)
}
