import type { Claims } from '../core/claims.ts'
import { FileError } from '../core/error.ts'
import { joinPath, type Path } from '../core/path.ts'
import { rowsNamed, type Rows } from '../core/rows.ts'
import type { Policy } from '../core/session.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { isPartialName, isPartialPath } from './partials.ts'

/** Keeps parts of uploads out of sight: nobody lists them, nobody touches them by name. */
export function hidePartials(underWay: Claims): Policy {
  return (inner) => new WithoutPartials(inner, underWay)
}

/** How many left-over parts a directory may hold and still be removed by its user; the sweep takes the others. */
const mostPartials = 10_000

class WithoutPartials implements Store {
  readonly #inner: Store
  readonly #underWay: Claims

  constructor(inner: Store, underWay: Claims) {
    this.#inner = inner
    this.#underWay = underWay
  }

  get features(): ReadonlySet<Feature> {
    return this.#inner.features
  }

  async stat(path: Path, follow?: boolean): Promise<Entry> {
    mustNotBePartial(path)
    return this.#inner.stat(path, follow)
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    mustNotBePartial(path)
    for await (const batch of this.#inner.list(path)) {
      const shown = batch.some(isPartial) ? batch.filter((entry) => !isPartial(entry)) : batch
      if (shown.length > 0) yield shown
    }
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    const rows = this.#inner.rows?.(path)
    return rows && this.#shownOf(path, rows)
  }

  async *#shownOf(path: Path, batches: AsyncIterable<Rows>): AsyncGenerator<Rows> {
    mustNotBePartial(path)
    for await (const rows of batches) yield rowsNamed(rows, (name) => !isPartialName(name))
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.create === undefined) mustNotBePartial(path)
    else mustNotMakePartial(path)
    return this.#inner.open(path, how)
  }

  async remove(path: Path): Promise<void> {
    mustNotBePartial(path)
    await this.#inner.remove(path)
  }

  async mkdir(path: Path): Promise<void> {
    mustNotMakePartial(path)
    await this.#inner.mkdir(path)
  }

  async rmdir(path: Path): Promise<void> {
    mustNotBePartial(path)
    try {
      await this.#inner.rmdir(path)
    } catch (thrown) {
      if (!(thrown instanceof FileError && thrown.fault === 'not-empty')) throw thrown
      if (!(await this.#removePartials(path))) throw thrown
      await this.#inner.rmdir(path)
    }
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    mustNotBePartial(from)
    mustNotMakePartial(to)
    await this.#inner.rename(from, to, replace)
  }

  async change(path: Path, to: Change): Promise<void> {
    mustNotBePartial(path)
    await this.#inner.change(path, to)
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    mustNotMakePartial(path)
    if (target.split('/').some(isPartialName)) throw kept()
    await this.#inner.link(path, target, kind)
  }

  async space(path: Path): Promise<Space> {
    mustNotBePartial(path)
    return this.#inner.space(path)
  }

  /** Removes the parts in a directory that holds nothing else; false: it holds something else, all is as it was. */
  async #removePartials(directory: Path): Promise<boolean> {
    const partials: Path[] = []
    for await (const batch of this.#inner.list(directory)) {
      if (!batch.every(isPartial) || partials.length > mostPartials) return false
      partials.push(...batch.map(({ name }) => joinPath(directory, name)))
    }
    if (partials.some((path) => this.#underWay.has(path))) {
      throw new FileError('busy', 'an upload into this directory is under way')
    }
    for (const path of partials) await this.#inner.remove(path)
    return true
  }
}

function isPartial({ name }: Entry): boolean {
  return isPartialName(name)
}

function mustNotBePartial(path: Path): void {
  if (isPartialPath(path)) throw new FileError('not-found', 'no such file or directory')
}

function mustNotMakePartial(path: Path): void {
  if (isPartialPath(path)) throw kept()
}

function kept(): FileError {
  return new FileError('denied', 'names like this are kept for uploads that are not complete')
}
