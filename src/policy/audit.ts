import type { Clock } from '../core/clock.ts'
import { FileError, type Fault } from '../core/error.ts'
import type { Events, FileDeed } from '../core/event.ts'
import type { Path } from '../core/path.ts'
import type { Rows } from '../core/rows.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { AuditedFile } from './audited-file.ts'

/** Tells of every transfer, of every change to a file, and of what was refused. */
export function audit(events: Events, clock: Clock): Policy {
  return (inner, login) => new Audited(inner, login, events, clock)
}

class Audited implements Store {
  readonly #inner: Store
  readonly #login: Login
  readonly #events: Events
  readonly #clock: Clock

  constructor(inner: Store, login: Login, events: Events, clock: Clock) {
    this.#inner = inner
    this.#login = login
    this.#events = events
    this.#clock = clock
  }

  get features(): ReadonlySet<Feature> {
    return this.#inner.features
  }

  stat(path: Path, follow?: boolean): Promise<Entry> {
    return this.#asking('stat', path, this.#inner.stat(path, follow))
  }

  list(path: Path): AsyncGenerator<readonly Entry[]> {
    return this.#listing(path, () => this.#inner.list(path))
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    const rows = this.#inner.rows?.(path)
    return rows && this.#listing(path, () => rows)
  }

  async *#listing<Batch>(path: Path, batches: () => AsyncIterable<Batch>): AsyncGenerator<Batch> {
    try {
      yield* batches()
    } catch (thrown) {
      if (isFault(thrown, 'denied')) this.#refused('list', path, thrown)
      throw thrown
    }
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    try {
      const file = await this.#inner.open(path, how)
      return new AuditedFile(file, path, how, this.#login, this.#events, this.#clock)
    } catch (thrown) {
      // Who asks for a free name (STOU) goes on with another one.
      if (how.unique !== true || !isFault(thrown, 'exists'))
        this.#refused(how.write ? 'write' : 'read', path, thrown)
      throw thrown
    }
  }

  remove(path: Path): Promise<void> {
    return this.#doing('remove', path, this.#inner.remove(path))
  }

  mkdir(path: Path): Promise<void> {
    return this.#doing('mkdir', path, this.#inner.mkdir(path))
  }

  rmdir(path: Path): Promise<void> {
    return this.#doing('rmdir', path, this.#inner.rmdir(path))
  }

  rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.#doing('rename', from, this.#inner.rename(from, to, replace), to)
  }

  change(path: Path, to: Change): Promise<void> {
    return this.#doing('change', path, this.#inner.change(path, to))
  }

  link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return this.#doing('link', path, this.#inner.link(path, target, kind), target)
  }

  space(path: Path): Promise<Space> {
    return this.#asking('space', path, this.#inner.space(path))
  }

  /** A question is worth a line only where the answer is forbidden: clients ask for what is not there all the time. */
  async #asking<Answer>(deed: string, path: Path, work: Promise<Answer>): Promise<Answer> {
    try {
      return await work
    } catch (thrown) {
      if (isFault(thrown, 'denied')) this.#refused(deed, path, thrown)
      throw thrown
    }
  }

  async #doing(deed: FileDeed, path: Path, work: Promise<void>, to?: string): Promise<void> {
    try {
      await work
    } catch (thrown) {
      // RMDA asks whether the directory may go at all before it empties it.
      if (deed !== 'rmdir' || !isFault(thrown, 'not-empty')) this.#refused(deed, path, thrown)
      throw thrown
    }
    this.#events.emit({
      kind: 'file',
      ...whoIs(this.#login),
      deed,
      path,
      ...(to === undefined ? {} : { to }),
    })
  }

  #refused(deed: string, path: Path, thrown: unknown): void {
    if (!(thrown instanceof FileError)) return
    const { fault, message: reason, rule } = thrown
    this.#events.emit({
      kind: 'refused',
      ...whoIs(this.#login),
      deed,
      path,
      fault,
      reason,
      ...(rule === undefined ? {} : { rule }),
    })
  }
}

function isFault(thrown: unknown, fault: Fault): boolean {
  return thrown instanceof FileError && thrown.fault === fault
}

function whoIs({ id, protocol, peer, account }: Login) {
  return { session: id, protocol, peer, account: account.name }
}
