import { pipeline } from 'node:stream/promises'
import { Readable, Writable } from 'node:stream'
import { systemClock } from '../core/clock.ts'
import { asError, FileError } from '../core/error.ts'
import { isThere } from '../core/is-there.ts'
import { nameOf, resolvePath, rootPath, type Path } from '../core/path.ts'
import type { HashName } from '../core/remote.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { localPlace } from '../stores/local.ts'
import { withPlace } from './with-place.ts'
import { copyFile, type Copied, type CopyHow } from './copy-file.ts'
import { copyPersistently } from './copy-persistently.ts'
import { digest } from './digest.ts'
import { isRemote, isRemoteFile, under, unreadIn, type End } from './end.ts'
import { sweepBeside } from './left-over.ts'
import { makeDirectory } from './make-directory.ts'
import { refuseShort } from './refuse-short.ts'
import { removeTree } from './remove-tree.ts'
import { paced, type Pace } from './pace.ts'
import type { Patience } from './retrying.ts'
import { copySegments } from './segments.ts'
import {
  checkContent,
  checkTarget,
  openToRead,
  piecesUntil,
  readableOf,
  writableOf,
  type Content,
  type Part,
} from './streams.ts'
import { walk, type Found } from './walk.ts'

/** What every call takes: the signal ends that call alone, and the session lives on. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** How far a transfer is. */
export interface Progress {
  readonly bytes: number
  /** undefined: nobody knows. */
  readonly total: number | undefined
}

/** How a file is fetched or sent. */
export interface TransferOptions extends CallOptions {
  readonly onProgress?: (progress: Progress) => void
  /** Goes on behind what is there already. */
  readonly resume?: boolean
  readonly verify?: CopyHow['verify']
  /** Over how many connections one file comes, 1 if not said. */
  readonly segments?: number
  /** Sends under another name, and renames when it is whole. */
  readonly atomic?: boolean
}

/** Which entries are wanted. */
export interface EntriesOptions extends CallOptions {
  readonly recursive?: boolean
}

/**
 * A place to get files from and to put them: another machine, a disk, or memory. Every method of a Store is there as it
 * is, and takes plain strings, which begin where the login landed unless they begin with a slash.
 */
export class Remote implements Store, AsyncDisposable {
  readonly #store: Store
  readonly #home: Path
  readonly #transcript: readonly string[]
  readonly #end: () => Promise<void>
  readonly #patience: Patience
  readonly #pace: Pace | undefined

  constructor(
    store: Store,
    more: {
      home?: Path
      transcript?: readonly string[]
      end?: () => Promise<void>
      patience?: Patience
      pace?: Pace | undefined
    } = {},
  ) {
    this.#store = store
    this.#home = more.home ?? (isRemote(store) ? store.home : rootPath)
    this.#transcript = more.transcript ?? []
    this.#pace = more.pace
    this.#patience = more.patience ?? { clock: systemClock }
    this.#end = more.end ?? (async () => (isRemote(store) ? store.end() : undefined))
  }

  /** What the other side can do beyond files and directories. */
  get features(): ReadonlySet<Feature> {
    return this.#store.features
  }

  /** Where it is, without a password; `local` for a store of this machine. */
  get url(): string {
    return isRemote(this.#store) ? this.#store.url : 'local'
  }

  /** The place that a path means. */
  path(path: string): Path {
    return resolvePath(this.#home, path)
  }

  /** A place in here, for `plan`, `sync` and `copyFile`. */
  at(path = ''): End {
    return { store: this.#store, path: this.path(path) }
  }

  /** Tells of one path; with `follow` (the default) of what a link leads to. Rejects with `not-found` where nothing is. */
  stat(path: string, follow?: boolean, { signal }: CallOptions = {}): Promise<Entry> {
    const place = under(this.at(path), signal)
    return place.store.stat(place.path, follow)
  }

  /** The entries of one directory, in batches as they come. */
  list(path = '', { signal }: CallOptions = {}): AsyncIterable<readonly Entry[]> {
    const place = under(this.at(path), signal)
    return place.store.list(place.path)
  }

  /** How many lines of a directory's last listing may be files that nobody could read; `list` and `entries` leave them out. */
  unread(path = ''): number {
    return unreadIn(this.at(path))
  }

  /** The entries of a directory one by one, each directory before what is in it. */
  entries(path = '', { recursive = false, signal }: EntriesOptions = {}): AsyncIterable<Found> {
    const { store, path: top } = under(this.at(path), signal)
    return walk(store, top, { deepest: recursive ? Infinity : 1, signal })
  }

  /** Whether something has that name. */
  async exists(path: string, { signal }: CallOptions = {}): Promise<boolean> {
    const place = under(this.at(path), signal)
    return isThere(place.store, place.path)
  }

  /** Opens a file to read or write at any place; the caller must end it, by `close` or `abort`. */
  open(path: string, how: Opening, { signal }: CallOptions = {}): Promise<OpenFile> {
    const place = under(this.at(path), signal)
    return place.store.open(place.path, how)
  }

  /** Fetches a file: to a path of this machine, where it appears when it is whole, or into a stream. */
  async get(
    from: string,
    to: string | Writable | WritableStream<Uint8Array>,
    options: TransferOptions = {},
  ): Promise<Copied> {
    const source = this.at(from)
    if (typeof to !== 'string') return this.#getInto(source, to, options)
    const target = await localPlace(to)
    return withPlace(target, to, this.#store, async () => {
      const path = target.path === '/' ? resolvePath(target.path, nameOf(source.path)) : target.path
      const entry = await under(source, options.signal).store.stat(source.path)
      const how = { ...copyHow(options, entry.size), entry, pace: this.#pace }
      const end = { store: target.store, path }
      const segments = options.segments ?? 1
      const copied = await copyPersistently(source, how, this.#patience, (each) =>
        segments > 1 ? copySegments(source, end, segments, each) : copyFile(source, end, each),
      )
      await sweepBeside(end, this.#patience.clock.now())
      return copied
    })
  }

  /** Sends a file of this machine, named by its path, or some content. */
  async put(from: string | Content, to: string, options: TransferOptions = {}): Promise<Copied> {
    const target = this.at(to)
    if (typeof from !== 'string') return this.#putContent(from, target, options)
    const source = await localPlace(from)
    return withPlace(source, from, this.#store, async () => {
      const entry = await source.store.stat(source.path)
      const landing = options.atomic === true ? ('beside' as const) : undefined
      const how = { ...copyHow(options, entry.size), entry, landing, pace: this.#pace }
      return await copyPersistently(source, how, this.#patience, (each) => copyFile(source, target, each))
    })
  }

  /** A stream of a file, or a part of it. It ends when the file is known to have come whole, and else fails. */
  async openRead(path: string, options: Part & CallOptions = {}): Promise<Readable> {
    const place = under(this.at(path), options.signal)
    const file = await openToRead(place.store, place.path, options.start)
    return readableOf(paced(file, this.#pace, options.signal), options)
  }

  /** The same, as a stream of the web. */
  async openWebRead(path: string, options: Part & CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return Readable.toWeb(await this.openRead(path, options)) as ReadableStream<Uint8Array>
  }

  /** A stream into a file. It finishes when the other side has said that the file is whole. */
  async openWrite(path: string, options: CallOptions = {}): Promise<Writable> {
    const place = under(this.at(path), options.signal)
    const file = await place.store.open(place.path, { write: true, create: 'allow', truncate: true })
    return writableOf(paced(file, this.#pace, options.signal))
  }

  /** The same, as a stream of the web. */
  async openWebWrite(path: string, options: CallOptions = {}): Promise<WritableStream<Uint8Array>> {
    return Writable.toWeb(await this.openWrite(path, options))
  }

  /** Removes a file or a link, and no directory. */
  remove(path: string, { signal }: CallOptions = {}): Promise<void> {
    const place = under(this.at(path), signal)
    return place.store.remove(place.path)
  }

  /** Removes a directory that is empty, or with `recursive` all that is in it. */
  async removeDir(path: string, options: CallOptions & { readonly recursive?: boolean } = {}): Promise<void> {
    const { store, path: place } = under(this.at(path), options.signal)
    if (options.recursive === true) await removeTree(store, place, undefined, options.signal)
    else await store.rmdir(place)
  }

  /** Removes a directory that is empty. */
  rmdir(path: string, options: CallOptions = {}): Promise<void> {
    return this.removeDir(path, options)
  }

  /** Makes a directory; with `recursive` those on the way too, and one that is there is no error. */
  async mkdir(path: string, options: CallOptions & { readonly recursive?: boolean } = {}): Promise<void> {
    const { store, path: place } = under(this.at(path), options.signal)
    if (options.recursive === true) await makeDirectory(store, place)
    else await store.mkdir(place)
  }

  /** Moves a file or a directory. Without `replace` a name that is taken is `exists`. */
  rename(from: string, to: string, replace = true, { signal }: CallOptions = {}): Promise<void> {
    const place = under(this.at(from), signal)
    return place.store.rename(place.path, this.path(to), replace)
  }

  /** Sets size, times, permissions or owner. */
  change(path: string, to: Change, { signal }: CallOptions = {}): Promise<void> {
    const place = under(this.at(path), signal)
    return place.store.change(place.path, to)
  }

  /** Sets the time of the last change. */
  setTimes(path: string, modified: Date, options: CallOptions = {}): Promise<void> {
    return this.change(path, { modified }, options)
  }

  /** Sets the permission bits. */
  chmod(path: string, mode: number, options: CallOptions = {}): Promise<void> {
    return this.change(path, { mode }, options)
  }

  /** Makes `path` a link to `target`. */
  link(
    path: string,
    target: string,
    kind: 'symbolic' | 'hard' = 'symbolic',
    { signal }: CallOptions = {},
  ): Promise<void> {
    const place = under(this.at(path), signal)
    return place.store.link(place.path, kind === 'hard' ? this.path(target) : target, kind)
  }

  /** How much room there is over there. */
  space(path = '', { signal }: CallOptions = {}): Promise<Space> {
    const place = under(this.at(path), signal)
    return place.store.space(place.path)
  }

  /** The hash of a file in hexadecimal: made over there where that can be, else from its bytes. */
  hash(path: string, algorithm: HashName = 'sha256', { signal }: CallOptions = {}): Promise<string> {
    return digest(under(this.at(path), signal), algorithm)
  }

  /** Says one command of the protocol's own and gives the answer, where the protocol has such a thing. */
  async raw(command: string, { signal }: CallOptions = {}): Promise<string> {
    const { store } = under(this.at(), signal)
    if (takesRaw(store)) return store.raw(command)
    throw new FileError('unsupported', 'this protocol has no commands to be typed')
  }

  /** What the other side said it can do, in its own words. */
  capabilities(): readonly string[] {
    return isRemote(this.#store) ? this.#store.capabilities() : [...this.features]
  }

  /** The dialogue so far, secrets masked; of a long one its end. */
  transcript(): string {
    return this.#transcript.join('\n')
  }

  /** Says good-bye and closes every connection. */
  end(): Promise<void> {
    return this.#end()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end()
  }

  async #getInto(
    source: End,
    to: Writable | WritableStream<Uint8Array>,
    options: TransferOptions,
  ): Promise<Copied> {
    checkTarget(to)
    const { store, path } = under(source, options.signal)
    const entry = await store.stat(path)
    const file = await openToRead(store, path)
    const readable = readableOf(paced(file, this.#pace, options.signal), {})
    let bytes = 0
    readable.on('data', (piece: Buffer) => {
      bytes += piece.length
      try {
        options.onProgress?.({ bytes, total: entry.size })
      } catch (thrown) {
        // Thrown out of an event it would end the process.
        readable.destroy(asError(thrown))
      }
    })
    readable.pause()
    const signal = options.signal === undefined ? {} : { signal: options.signal }
    try {
      await pipeline(readable, to instanceof Writable ? to : Writable.fromWeb(to), signal)
    } catch (thrown) {
      // A pipeline that cannot begin leaves what it would have read as it is, and with it the session.
      readable.destroy()
      throw thrown
    }
    refuseShort(source, bytes, entry)
    return { size: bytes, resumedAt: 0, ...certaintyOf(file), way: 'through-here' }
  }

  async #putContent(content: Content, target: End, options: TransferOptions): Promise<Copied> {
    checkContent(content)
    const { store, path } = under(target, options.signal)
    const total =
      content instanceof Uint8Array ? content.length : content instanceof Blob ? content.size : undefined
    let bytes = 0
    const file = await store.open(path, { write: true, create: 'allow', truncate: true })
    await transfer(file, async () => {
      for await (const piece of piecesUntil(content, options.signal)) {
        await file.write([piece], bytes)
        bytes += piece.length
        options.onProgress?.({ bytes, total })
        await this.#pace?.moved(piece.length, options.signal)
      }
    })
    return { size: bytes, resumedAt: 0, ...certaintyOf(file), way: 'through-here' }
  }
}

/** A store of this machine says itself when something went wrong. */
function certaintyOf(file: OpenFile): Pick<Copied, 'completeness' | 'grew'> {
  if (!isRemoteFile(file)) return { completeness: 'proven' }
  return { completeness: file.completeness, ...(file.grew === true ? { grew: true } : {}) }
}

function copyHow(options: TransferOptions, total: number): CopyHow {
  let bytes = 0
  return {
    resume: options.resume === true ? 'file' : 'no',
    verify: options.verify,
    signal: options.signal,
    moved(count) {
      bytes += count
      options.onProgress?.({ bytes, total })
    },
  }
}

function takesRaw(store: Store): store is Store & { raw(command: string): Promise<string> } {
  return 'raw' in store && typeof store.raw === 'function'
}
