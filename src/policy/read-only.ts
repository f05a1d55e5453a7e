import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Rows } from '../core/rows.ts'
import type { Policy } from '../core/session.ts'
import type { Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'

/** Lets accounts that may only read do nothing else. */
export const readOnly: Policy = (inner, login) => (login.account.readOnly ? unchangeable(inner) : inner)

/** A store in which nothing can be changed. */
export function unchangeable(inner: Store): Store {
  return new ReadOnly(inner)
}

class ReadOnly implements Store {
  readonly #inner: Store

  constructor(inner: Store) {
    this.#inner = inner
  }

  get features(): ReadonlySet<Feature> {
    return this.#inner.features
  }

  stat(path: Path, follow?: boolean): Promise<Entry> {
    return this.#inner.stat(path, follow)
  }

  list(path: Path): AsyncIterable<readonly Entry[]> {
    return this.#inner.list(path)
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    return this.#inner.rows?.(path)
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.write || how.create !== undefined || how.truncate || how.append) throw refused()
    return this.#inner.open(path, how)
  }

  async remove(): Promise<void> {
    throw refused()
  }

  async mkdir(): Promise<void> {
    throw refused()
  }

  async rmdir(): Promise<void> {
    throw refused()
  }

  async rename(): Promise<void> {
    throw refused()
  }

  async change(): Promise<void> {
    throw refused()
  }

  async link(): Promise<void> {
    throw refused()
  }

  space(path: Path): Promise<Space> {
    return this.#inner.space(path)
  }
}

function refused(): FileError {
  return new FileError('denied', 'this account may only read', { rule: 'read-only' })
}
