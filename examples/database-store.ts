// A Store of one's own: files in a SQLite database. `conformsStore` judges it in the tests of this folder.
import { DatabaseSync } from 'node:sqlite'
import { FileError, nameOf, parentOf } from 'ferry'
import type { Change, Entry, Feature, OpenFile, Opening, Path, Space, Store } from 'ferry'

interface Row {
  readonly id: number
  readonly name: string
  readonly kind: 'file' | 'directory'
  readonly modified: number
  readonly size: number
}

const columns = 'id, kind, name, modified, length(content) as size'

const tables = `create table if not exists files (id integer primary key, parent integer, name text, kind text,
    modified integer, content blob default x'', unique (parent, name));
  insert or ignore into files (id, parent, name, kind, modified) values (1, 0, '', 'directory', 0)`

export class DatabaseStore implements Store {
  readonly features: ReadonlySet<Feature> = new Set<Feature>(['times'])
  readonly #database: DatabaseSync

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec(tables)
  }

  async stat(path: Path): Promise<Entry> {
    return entryOf(this.#row(path))
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    const { id } = this.#directory(path)
    const next = this.#database.prepare(
      `select ${columns} from files where parent = ? and id > ? order by id limit 1000`,
    )
    for (let last = 0; ;) {
      const rows = next.all(id, last) as unknown as Row[]
      if (rows.length === 0) return
      yield rows.map(entryOf)
      last = rows.at(-1)?.id ?? 0
    }
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    const { from = 0 } = how
    const nothingWanted = how.read !== true && how.write !== true
    if (nothingWanted || (how.truncate === true && how.write !== true) || !isPlace(from))
      throw new FileError('invalid', 'this is no way to open a file')
    const row = this.#find(path)
    if (row !== undefined && how.create === 'require') throw new FileError('exists', 'the name is taken')
    if (row?.kind === 'directory') throw new FileError('is-directory', 'a directory')
    if (row === undefined && how.create === undefined) throw new FileError('not-found', 'no such file')
    if (from > (row?.size ?? 0)) throw new FileError('invalid', 'the file ends before')
    return new DatabaseFile(this.#database, row ?? this.#make(path, 'file'), how)
  }

  async remove(path: Path): Promise<void> {
    const { id, kind } = this.#row(path)
    if (kind === 'directory') throw new FileError('is-directory', 'a directory')
    this.#database.prepare('delete from files where id = ?').run(id)
  }

  async mkdir(path: Path): Promise<void> {
    if (this.#find(path) !== undefined) throw new FileError('exists', 'the name is taken')
    this.#make(path, 'directory')
  }

  async rmdir(path: Path): Promise<void> {
    const { id } = this.#directory(path)
    if (id === 1) throw new FileError('denied', 'the root stays')
    this.#refuseFull(id)
    this.#database.prepare('delete from files where id = ?').run(id)
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    const source = this.#row(from)
    const target = this.#find(to)
    if (source.id === 1 || target?.id === 1) throw new FileError('denied', 'the root stays')
    const { id } = this.#directory(parentOf(to))
    if (`${to}/`.startsWith(`${from}/`) && to !== from)
      throw new FileError('invalid', 'it cannot go into itself')
    if (target !== undefined && !replace) throw new FileError('exists', 'the name is taken')
    if (target?.id === source.id) return
    if (target?.kind === 'directory') {
      if (source.kind === 'file') throw new FileError('is-directory', 'a directory is there')
      this.#refuseFull(target.id)
    } else if (target !== undefined && source.kind === 'directory')
      throw new FileError('not-directory', 'a file is there')
    // Nothing is awaited between the two, so nobody sees a moment without the file.
    if (target !== undefined) this.#database.prepare('delete from files where id = ?').run(target.id)
    this.#database
      .prepare('update files set parent = ?, name = ? where id = ?')
      .run(id, nameOf(to), source.id)
  }

  async change(path: Path, to: Change): Promise<void> {
    const { id, kind } = this.#row(path)
    const { size, modified } = to
    if (to.mode !== undefined || to.owner !== undefined || to.group !== undefined || to.created !== undefined)
      throw new FileError('unsupported', 'the database keeps times only')
    if (size !== undefined && kind === 'directory') throw new FileError('is-directory', 'a directory')
    if (size !== undefined && !isPlace(size)) throw new FileError('invalid', 'not a size')
    if (modified !== undefined && Number.isNaN(modified.getTime()))
      throw new FileError('invalid', 'not a time')
    if (size !== undefined) save(this.#database, id, resized(load(this.#database, id), size))
    if (modified !== undefined)
      this.#database.prepare('update files set modified = ? where id = ?').run(modified.getTime(), id)
  }

  async link(): Promise<void> {
    throw new FileError('unsupported', 'there are no links')
  }

  async space(): Promise<Space> {
    throw new FileError('unsupported', 'nobody knows how much room there is')
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #find(path: Path): Row | undefined {
    const find = this.#database.prepare(`select ${columns} from files where parent = ? and name = ?`)
    let row = find.get(0, '') as unknown as Row | undefined
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (row?.kind === 'file') throw new FileError('not-directory', 'a file is in the way')
      if (new TextEncoder().encode(name).length > 255) throw new FileError('invalid', 'the name is too long')
      row = row && (find.get(row.id, name) as unknown as Row | undefined)
    }
    return row
  }

  #row(path: Path): Row {
    const row = this.#find(path)
    if (row === undefined) throw new FileError('not-found', 'no such file or directory')
    return row
  }

  #directory(path: Path): Row {
    const row = this.#row(path)
    if (row.kind !== 'directory') throw new FileError('not-directory', 'not a directory')
    return row
  }

  #make(path: Path, kind: Row['kind']): Row {
    const { id } = this.#directory(parentOf(path))
    const make = this.#database.prepare(
      'insert into files (parent, name, kind, modified) values (?, ?, ?, ?)',
    )
    make.run(id, nameOf(path), kind, Date.now())
    return this.#row(path)
  }

  #refuseFull(id: number): void {
    if (this.#database.prepare('select 1 from files where parent = ?').get(id) !== undefined)
      throw new FileError('not-empty', 'the directory is not empty')
  }
}

/** Holds the content while the file is open, and puts it into the database when it is whole. */
class DatabaseFile implements OpenFile {
  readonly #database: DatabaseSync
  readonly #row: Row
  readonly #how: Opening
  #content: Uint8Array
  #changed: boolean
  #ended = false

  constructor(database: DatabaseSync, row: Row, how: Opening) {
    this.#database = database
    this.#row = row
    this.#how = how
    this.#changed = how.truncate === true
    const content = load(database, row.id)
    this.#content = this.#changed ? content.slice(0, how.from ?? 0) : content
  }

  async stat(): Promise<Entry> {
    this.#refuseEnded()
    return { ...entryOf(this.#row), size: this.#content.length }
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    this.#refuseEnded(at)
    if (this.#how.read !== true) throw new FileError('denied', 'not opened to read')
    const part = this.#content.subarray(at, at + into.length)
    into.set(part)
    return part.length
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    this.#refuseEnded(at)
    if (this.#how.write !== true) throw new FileError('denied', 'not opened to write')
    const bytes = Buffer.concat(pieces)
    this.#content = resized(this.#content, Math.max(this.#content.length, at + bytes.length))
    this.#content.set(bytes, at)
    this.#changed = true
  }

  async close(): Promise<void> {
    this.#refuseEnded()
    this.#ended = true
    if (this.#changed) save(this.#database, this.#row.id, this.#content)
  }

  async abort(): Promise<void> {
    this.#ended = true
  }

  #refuseEnded(at = 0): void {
    if (this.#ended) throw new FileError('invalid', 'the file was closed')
    if (!isPlace(at)) throw new FileError('invalid', 'not a place in a file')
  }
}

function entryOf({ name, kind, modified, size }: Row): Entry {
  return { name, kind, size, modified: new Date(modified) }
}

function load(database: DatabaseSync, id: number): Uint8Array {
  const row = database.prepare('select content from files where id = ?').get(id)
  return row?.['content'] as Uint8Array
}

function save(database: DatabaseSync, id: number, content: Uint8Array): void {
  database.prepare('update files set content = ?, modified = ? where id = ?').run(content, Date.now(), id)
}

function resized(content: Uint8Array, size: number): Uint8Array {
  const fresh = new Uint8Array(size)
  fresh.set(content.subarray(0, size))
  return fresh
}

function isPlace(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0
}
