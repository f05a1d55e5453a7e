import type { Path } from './path.ts'
import type { Rows } from './rows.ts'

/** What something in a Store can be. */
export type EntryKind = 'file' | 'directory' | 'link' | 'other'

/** What a Store tells of one name. */
export interface Entry {
  readonly name: string
  readonly kind: EntryKind
  readonly size: number
  /** The size was told in blocks or rounded units, or nobody told it, and proves nothing. */
  readonly rounded?: boolean
  readonly modified: Date
  /** That was told to the minute or the day, or in a zone that nobody told. */
  readonly isVague?: boolean
  readonly created?: Date
  /** Permission bits, 0 to 0o7777. */
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
  /** How many names the file has (`ls -l` prints it). */
  readonly links?: number
  /** Where a link points, as it is written in the link. */
  readonly target?: string
  /** The same for two entries only when they are the same file: RFC 3659 `unique`. */
  readonly id?: string
  /** It can be neither removed nor renamed, whoever asks: a store is mounted there, or further below. */
  readonly fixed?: boolean
  /** How many bytes of an unfinished upload to this name wait for the one who asks; of a file that is open: have come, and have no name yet. */
  readonly unfinished?: number
}

/** How to open a file. Without `create` it must be there; `require` wants it not to be. */
export interface Opening {
  readonly read?: boolean
  readonly write?: boolean
  readonly create?: 'allow' | 'require'
  /** Drops what the file holds from `from` on: a new upload from 0, a resumed one from where it goes on. */
  readonly truncate?: boolean
  /** Beside `create: 'require'`: any other name would do as well, so one that somebody is sending to is none. */
  readonly unique?: boolean
  /** Where the first write will be. `invalid` when the file ends before. */
  readonly from?: number
  /** The writer means to go on behind what is there: `stat` of the open file tells where that is. */
  readonly append?: boolean
  /**
   * How many bytes will be written, where that is known: TFTP tells the server, which then can compare. Of a remote file that is
   * read: how many there are by what its server has just said, so that it need not be asked again.
   */
  readonly expected?: number
  /**
   * Of a remote file that is read: what it was when its server was asked about it. Where it is another one by now it is not gone on
   * with (`from`), nor believed if it changes while it comes.
   */
  readonly known?: Entry
  /** What the file is to have once it is whole. A store that sees to it at once says so: `kept` of the open file. */
  readonly keeps?: Pick<Change, 'mode' | 'modified'>
  /**
   * A file of the same store that is held open meanwhile. A remote store that has a session for each file throws `OneSessionError`
   * where it would have to wait for that one's.
   */
  readonly besides?: OpenFile
  /**
   * The writer has much else to do in this thread, as one who decrypts has: large writes are better done in another thread. A
   * writer that only moves bytes waits for the disk's cache here.
   */
  readonly apart?: boolean
  /**
   * All of it is written now, or none: nothing that stopped before is gone on with, and what stops now waits for nobody. So it is with
   * what a server puts together by itself.
   */
  readonly anew?: boolean
  /** The bytes stay in the house (for a hash, a count or a copy): this is no download. */
  readonly inside?: boolean
}

/** What of an entry can be changed. */
export interface Change {
  readonly size?: number
  readonly modified?: Date
  readonly created?: Date
  readonly mode?: number
  readonly owner?: string
  readonly group?: string
}

/** Room of the device behind a path, in bytes. */
export interface Space {
  readonly total: number
  readonly free: number
}

/** What a Store can do beyond files and directories; what it cannot answers `unsupported`. */
export type Feature = 'links' | 'hard-links' | 'modes' | 'times' | 'creation-times' | 'owners' | 'space'

/** A tree of files: a disk, memory, a remote server, or the home that a logged-in person sees. */
export interface Store {
  /** What it can do beyond files and directories. */
  readonly features: ReadonlySet<Feature>
  /** Tells of one path; with `follow` (the default) of what a link leads to. */
  stat(path: Path, follow?: boolean): Promise<Entry>
  /**
   * What has a name, as `stat` tells of it without following, and undefined where nothing has it: for who mostly finds nothing, as
   * an error costs more than the look. A store for which that is not quicker than `stat` has no such method.
   */
  find?(path: Path): Promise<Entry | undefined>
  /** Batches of entries, without `.` and `..`, in no particular order. */
  list(path: Path): AsyncIterable<readonly Entry[]>
  /**
   * The same for who only prints it, without an entry for each name. A store that has entries anyway has no such method, and one
   * around it gives nothing. A rule that keeps names from `list` keeps them from here. Nothing is thrown before a batch is asked for.
   */
  rows?(path: Path): AsyncIterable<Rows> | undefined
  /** Opens a file to read or write; the caller must end it, by `close` or `abort`. */
  open(path: Path, how: Opening): Promise<OpenFile>
  /**
   * Tells, as `find` does, what has a name, and where that is nothing or a file, what has another one in its directory. A
   * store that has to go there twice has no such method.
   */
  findBoth?(path: Path, beside: string): Promise<readonly [Entry | undefined, Entry | undefined]>
  /** Removes a file or a link, and no directory. */
  remove(path: Path): Promise<void>
  /**
   * Removes a file and then tells, as `find` does, what has another name in its directory: for who would look there next. A
   * store that has to go there twice has no such method.
   */
  removeAndFind?(path: Path, beside: string): Promise<Entry | undefined>
  /** Makes a directory in one that is there; a name that is taken is `exists`. */
  mkdir(path: Path): Promise<void>
  /** Removes a directory that is empty. */
  rmdir(path: Path): Promise<void>
  /** Moves an entry; without `replace` an existing target is `exists`. */
  rename(from: Path, to: Path, replace: boolean): Promise<void>
  /** Sets size, times, permissions or owner of what is there. */
  change(path: Path, to: Change): Promise<void>
  /** Makes `path` a link: `target` is the text of a symbolic one, or the Path of an existing file for a hard one. */
  link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void>
  /** How much room there is. */
  space(path: Path): Promise<Space>
  /**
   * What somebody who logs in now is to see: the folder may have been removed, or renamed, and made anew. Rejects where none is
   * there. A store that stays what it is has no such method.
   */
  atLogin?(): Promise<Store>
  /**
   * Puts a small file under its name at once: written beside it, under a name that must be free, given its mode and time as
   * far as can be, and renamed over what was there; a device, a pipe or a socket is `denied`, as others use it. A store for which that is not quicker than `open` and `rename` has no such method.
   */
  putWhole?(
    path: Path,
    beside: string,
    content: Uint8Array,
    change: Pick<Change, 'mode' | 'modified'>,
  ): Promise<void>
}

/** A file while it is open. Reads and writes may overlap. Exactly one of `close` and `abort` ends it. */
export interface OpenFile {
  /** What the file is now, with what was written so far. */
  stat(): Promise<Entry>
  /** Fills the buffer from `at` as far as the file goes: the number of bytes, 0 at the end. */
  read(into: Uint8Array, at: number): Promise<number>
  /** Resolves when more is wanted: this is the back-pressure. The pieces may be used again then. */
  write(pieces: readonly Uint8Array[], at: number): Promise<void>
  /** Resolves when what was written is where no crash takes it. A store that cannot promise that has no such method. */
  sync?(): Promise<void>
  /** The transfer is complete. Rejecting, it is not, and `abort` must follow. */
  close(): Promise<void>
  /** The transfer is not complete; the store decides what remains. */
  abort(reason: Error): Promise<void>
}
