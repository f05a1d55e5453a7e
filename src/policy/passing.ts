import type { Path } from '../core/path.ts'
import type { Rows } from '../core/rows.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'

/** A store that hands everything on: a rule writes down only what it changes. */
export class PassingStore implements Store {
  protected readonly inner: Store

  constructor(inner: Store) {
    this.inner = inner
  }

  get features(): ReadonlySet<Feature> {
    return this.inner.features
  }

  stat(path: Path, follow?: boolean): Promise<Entry> {
    return this.inner.stat(path, follow)
  }

  list(path: Path): AsyncIterable<readonly Entry[]> {
    return this.inner.list(path)
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    return this.inner.rows?.(path)
  }

  open(path: Path, how: Opening): Promise<OpenFile> {
    return this.inner.open(path, how)
  }

  remove(path: Path): Promise<void> {
    return this.inner.remove(path)
  }

  mkdir(path: Path): Promise<void> {
    return this.inner.mkdir(path)
  }

  rmdir(path: Path): Promise<void> {
    return this.inner.rmdir(path)
  }

  rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.inner.rename(from, to, replace)
  }

  change(path: Path, to: Change): Promise<void> {
    return this.inner.change(path, to)
  }

  link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return this.inner.link(path, target, kind)
  }

  space(path: Path): Promise<Space> {
    return this.inner.space(path)
  }
}

/** An open file that hands everything on. */
export class PassingFile implements OpenFile {
  protected readonly inner: OpenFile

  constructor(inner: OpenFile) {
    this.inner = inner
  }

  stat(): Promise<Entry> {
    return this.inner.stat()
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.inner.read(into, at)
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    return this.inner.write(pieces, at)
  }

  sync(): Promise<void> {
    return syncFile(this.inner)
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  abort(reason: Error): Promise<void> {
    return this.inner.abort(reason)
  }
}

/** Whether an opening changes anything. */
export function opensToWrite(how: Opening): boolean {
  return how.write === true || how.create !== undefined || how.truncate === true || how.append === true
}
