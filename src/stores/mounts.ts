import { systemClock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import {
  isWithin,
  joinPath,
  nameOf,
  parentOf,
  parsePath,
  partsOf,
  pathBelow,
  type Path,
} from '../core/path.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'

/** A store, and the place where it is to be seen. */
export interface Mount {
  readonly at: Path
  readonly store: Store
}

/**
 * Several stores in one tree; where a place lies in another, the deepest decides. The way to a mount is there as
 * directories even where no store has them, but nothing can be made in those. A link belongs to its store: it leads
 * to what that store holds, never into a mount.
 */
export function mounts(list: readonly Mount[]): Store {
  if (new Set(list.map(({ at }) => at)).size !== list.length)
    throw new Error('two stores are mounted at one place')
  return new Mounts(list)
}

class Mounts implements Store {
  readonly features: ReadonlySet<Feature>
  readonly #all: readonly Mount[]
  readonly #since = new Date(systemClock.now())

  constructor(list: readonly Mount[]) {
    this.#all = list.toSorted((one, other) => other.at.length - one.at.length)
    const [first, ...rest] = list.map(({ store }) => store.features)
    this.features = rest.reduce((common, features) => common.intersection(features), first ?? new Set())
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    if (this.#isOnTheWay(path)) return this.#wayside(path)
    const place = this.#find(path)
    return place.mark(await place.store.stat(place.path, follow))
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    const below = this.#mountsIn(path)
    for await (const batch of this.#listStore(path)) {
      const others = batch.filter((entry) => !below.has(entry.name))
      if (others.length > 0) yield others
    }
    if (below.size > 0) yield await Promise.all([...below].map((name) => this.#wayside(joinPath(path, name))))
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    if (this.#isOnTheWay(path)) {
      throw how.create === 'require' ? taken() : new FileError('is-directory', 'a directory')
    }
    const place = how.create === undefined ? this.#find(path) : this.#findToMake(path)
    const opened = place.store.open(place.path, how)
    const file = await (how.create === undefined ? opened : this.#made(path, opened))
    return {
      stat: async () => place.mark(await file.stat()),
      read: (into, at) => file.read(into, at),
      write: (pieces, at) => file.write(pieces, at),
      sync: () => syncFile(file),
      close: () => file.close(),
      abort: (reason) => file.abort(reason),
    }
  }

  async remove(path: Path): Promise<void> {
    if (this.#isOnTheWay(path)) throw new FileError('is-directory', 'a directory')
    const place = this.#find(path)
    await place.store.remove(place.path)
  }

  async mkdir(path: Path): Promise<void> {
    if (this.#isOnTheWay(path)) throw taken()
    const place = this.#findToMake(path)
    await this.#made(path, place.store.mkdir(place.path))
  }

  async rmdir(path: Path): Promise<void> {
    this.#refuseOnTheWay(path)
    const place = this.#find(path)
    await place.store.rmdir(place.path)
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    this.#refuseOnTheWay(from)
    if (!replace && this.#isOnTheWay(to)) throw taken()
    this.#refuseOnTheWay(to)
    const [source, target] = [this.#find(from), this.#findToMake(to)]
    if (source.store !== target.store) throw acrossStores()
    await source.store.rename(source.path, target.path, replace)
  }

  async change(path: Path, to: Change): Promise<void> {
    const place = this.#find(path)
    await place.store.change(place.path, to)
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    if (this.#isOnTheWay(path)) throw taken()
    const place = this.#findToMake(path)
    if (kind === 'symbolic') return place.store.link(place.path, target, kind)
    const file = this.#find(parsePath(target))
    if (file.store !== place.store) throw acrossStores()
    await place.store.link(place.path, file.path, kind)
  }

  async space(path: Path): Promise<Space> {
    const place = this.#find(path)
    return place.store.space(place.path)
  }

  /** Whether it is a mount, or a directory that leads to one. */
  #isOnTheWay(path: Path): boolean {
    return this.#all.some(({ at }) => isWithin(at, path))
  }

  #refuseOnTheWay(path: Path): void {
    if (this.#isOnTheWay(path)) throw new FileError('denied', 'a store is mounted there')
  }

  /** The names in a directory that are mounts or lead to one. */
  #mountsIn(path: Path): ReadonlySet<string> {
    const names = this.#all.filter(({ at }) => at !== path && isWithin(at, path))
    return new Set(names.map(({ at }) => partsOf(pathBelow(at, path))[0] ?? ''))
  }

  #find(path: Path): Place {
    const index = this.#all.findIndex(({ at }) => isWithin(path, at))
    const mount = this.#all[index]
    if (!mount)
      throw this.#isOnTheWay(path) ? noStore() : new FileError('not-found', 'no such file or directory')
    return new Place(mount, path, index)
  }

  #findToMake(path: Path): Place {
    if (!this.#all.some(({ at }) => isWithin(path, at)) && this.#isOnTheWay(parentOf(path))) throw noStore()
    return this.#find(path)
  }

  /** A store may lack the directory that only leads to a mount: who sees it in a listing would not believe that it is missing. */
  async #made<Result>(path: Path, work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (thrown) {
      const isMissing = thrown instanceof FileError && thrown.fault === 'not-found'
      throw isMissing && this.#isOnTheWay(parentOf(path)) && !this.#isMount(parentOf(path))
        ? noStore()
        : thrown
    }
  }

  #isMount(path: Path): boolean {
    return this.#all.some(({ at }) => at === path)
  }

  /** What a mount, or a directory on the way to one, looks like: also when its store has nothing there or is away. */
  async #wayside(path: Path): Promise<Entry> {
    const made: Entry = { name: nameOf(path), kind: 'directory', size: 0, modified: this.#since, fixed: true }
    try {
      const place = this.#find(path)
      const entry = place.mark(await place.store.stat(place.path))
      return entry.kind === 'directory' ? { ...entry, name: made.name, fixed: true } : made
    } catch (thrown) {
      if (thrown instanceof FileError) return made
      throw thrown
    }
  }

  async *#listStore(path: Path): AsyncGenerator<readonly Entry[]> {
    if (!this.#isMount(path) && this.#isOnTheWay(path) && !(await this.#hasDirectory(path))) return
    const place = this.#find(path)
    for await (const batch of place.store.list(place.path)) yield batch.map((entry) => place.mark(entry))
  }

  async #hasDirectory(path: Path): Promise<boolean> {
    try {
      const place = this.#find(path)
      return (await place.store.stat(place.path)).kind === 'directory'
    } catch (thrown) {
      if (thrown instanceof FileError) return false
      throw thrown
    }
  }
}

/** A path as the store that holds it knows it. */
class Place {
  readonly store: Store
  readonly path: Path
  readonly #index: number

  constructor({ at, store }: Mount, path: Path, index: number) {
    this.store = store
    this.path = pathBelow(path, at)
    this.#index = index
  }

  /** Two stores may give the same id to different files. */
  mark(entry: Entry): Entry {
    return entry.id === undefined ? entry : { ...entry, id: `${this.#index}.${entry.id}` }
  }
}

function taken(): FileError {
  return new FileError('exists', 'the name is taken')
}

function noStore(): FileError {
  return new FileError('denied', 'this directory only leads to others; it holds nothing itself')
}

function acrossStores(): FileError {
  return new FileError(
    'unsupported',
    'the two places are in different stores; copy the file and remove the old one',
  )
}
