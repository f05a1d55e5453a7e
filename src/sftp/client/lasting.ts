import { Asking } from '../../core/asking.ts'
import type { Clock } from '../../core/clock.ts'
import { listedAnew } from '../../core/listed-anew.ts'
import type { Path } from '../../core/path.ts'
import type { HashName, RemoteFile, RemoteStore } from '../../core/remote.ts'
import type { Change, Entry, Feature, Opening, Space } from '../../core/store.ts'
import type { SftpSession } from './remote.ts'
import { untilAborted } from './until-aborted.ts'

/** How a server is connected to again. */
export interface LastingHow {
  readonly clock: Clock
  readonly dial: () => Promise<SftpSession>
  /** How often what changes nothing is asked again, 3 times if not said. */
  readonly retries?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly said?: ((from: 'note', line: string) => void) | undefined
}

/** A server that is connected to anew where its connection broke: what changes nothing is asked again, all else begins with a new one. */
export function lasting(first: SftpSession, how: LastingHow): RemoteStore {
  return new LastingRemote(new Line(first, how), first, how.signal)
}

/** The session that stands. */
class Line {
  readonly how: LastingHow
  session: SftpSession
  #dialing: Promise<SftpSession> | undefined
  #ended = false

  constructor(session: SftpSession, how: LastingHow) {
    this.session = session
    this.how = how
  }

  /** The session that stands, or else a new one. */
  async standing(signal: AbortSignal | undefined): Promise<SftpSession> {
    if (this.session.failure === undefined || this.#ended) return this.session
    this.#dialing ??= this.#dial(this.session.failure).finally(() => (this.#dialing = undefined))
    return signal === undefined ? this.#dialing : untilAborted(this.#dialing, signal)
  }

  asking(signal: AbortSignal | undefined): Asking {
    const { clock, retries, said } = this.how
    const isEnded = (): boolean => this.#ended
    return new Asking({ clock, retries, signal, isEnded, said: (line) => said?.('note', line) })
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#dialing?.catch(() => undefined)
    await this.session.end()
  }

  async #dial(failure: Error): Promise<SftpSession> {
    this.how.said?.('note', `connecting again (${failure.message})`)
    await this.session.end()
    this.session = await this.how.dial()
    return this.session
  }
}

class LastingRemote implements RemoteStore {
  readonly url: string
  readonly home: Path
  readonly features: ReadonlySet<Feature>
  readonly #line: Line
  readonly #signal: AbortSignal | undefined

  constructor(line: Line, { url, home, features }: RemoteStore, signal: AbortSignal | undefined) {
    this.url = url
    this.home = home
    this.features = features
    this.#line = line
    this.#signal = signal
  }

  get mayLack(): number {
    return this.#line.session.mayLack ?? 0
  }

  under(signal: AbortSignal): RemoteStore {
    const both = this.#signal === undefined ? signal : AbortSignal.any([this.#signal, signal])
    return new LastingRemote(this.#line, this, both)
  }

  capabilities(): readonly string[] {
    return this.#line.session.capabilities()
  }

  end(): Promise<void> {
    return this.#line.end()
  }

  stat(path: Path, follow?: boolean): Promise<Entry> {
    return this.#ask((store) => store.stat(path, follow))
  }

  list(path: Path): AsyncIterable<readonly Entry[]> {
    const asking = this.#line.asking(this.#signal)
    return listedAnew(
      () => this.#listOnce(path),
      (thrown) => asking.after(thrown),
    )
  }

  unread(path: Path): number {
    return this.#line.session.unread?.(path) ?? 0
  }

  open(path: Path, how: Opening): Promise<RemoteFile> {
    const open = (store: RemoteStore): Promise<RemoteFile> => store.open(path, how)
    return how.write === true ? this.#once(open) : this.#ask(open)
  }

  remove(path: Path): Promise<void> {
    return this.#once((store) => store.remove(path))
  }

  mkdir(path: Path): Promise<void> {
    return this.#once((store) => store.mkdir(path))
  }

  rmdir(path: Path): Promise<void> {
    return this.#once((store) => store.rmdir(path))
  }

  rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.#once((store) => store.rename(from, to, replace))
  }

  change(path: Path, to: Change): Promise<void> {
    return this.#once((store) => store.change(path, to))
  }

  link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return this.#once((store) => store.link(path, target, kind))
  }

  space(path: Path): Promise<Space> {
    return this.#ask((store) => store.space(path))
  }

  hash(path: Path, algorithm: HashName): Promise<string> {
    return this.#ask((store) => store.hash(path, algorithm))
  }

  copy(from: Path, to: Path): Promise<void> {
    return this.#once((store) => store.copy(from, to))
  }

  /** Asks what changes nothing over there. */
  #ask<Answer>(question: (store: RemoteStore) => Promise<Answer>): Promise<Answer> {
    return this.#line.asking(this.#signal).ask(async () => question(await this.#store()))
  }

  /** Does what is not done again: nobody knows how far it came. Only the connection for it is tried to be had again. */
  async #once<Result>(work: (store: RemoteStore) => Promise<Result>): Promise<Result> {
    return work(await this.#line.asking(this.#signal).ask(() => this.#store()))
  }

  async *#listOnce(path: Path): AsyncGenerator<readonly Entry[]> {
    yield* (await this.#store()).list(path)
  }

  async #store(): Promise<RemoteStore> {
    const session = await this.#line.standing(this.#signal)
    return this.#signal === undefined ? session : session.under(this.#signal)
  }
}
