import type { Claims } from '../core/claims.ts'
import { asError, FileError } from '../core/error.ts'
import { nameOf, parentOf, type Path } from '../core/path.ts'
import type { Rows } from '../core/rows.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { AppendedFile } from './appended-file.ts'
import { copyStart } from './copy-start.ts'
import { partialPath, tagOf } from './partials.ts'
import { Upload } from './upload.ts'

/**
 * New content never shows half: it is written into a part beside its target and moved into place when it is complete.
 * What is not complete waits there for its owner to go on. Accounts whose uploads are `in-place` go straight through.
 */
export function atomicUploads(underWay: Claims): Policy {
  return (inner, login) =>
    login.account.uploads === 'atomic' ? new AtomicUploads(inner, login, underWay) : inner
}

/** A part taken for one upload. The first one for a target can be found again and gone on with. */
interface Claim {
  readonly path: Path
  readonly first: boolean
}

/** A part that is open, where what comes begins, and how much of it was kept before. */
interface PartialFile {
  readonly file: OpenFile
  readonly from: number
  readonly had: number
}

class AtomicUploads implements Store {
  readonly #inner: Store
  readonly #login: Login
  readonly #underWay: Claims
  #tag: string | undefined
  #uploads: Map<Path, Upload> | undefined

  constructor(inner: Store, login: Login, underWay: Claims) {
    this.#inner = inner
    this.#login = login
    this.#underWay = underWay
  }

  get features(): ReadonlySet<Feature> {
    return this.#inner.features
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    const part = path === '/' ? undefined : nameOf(partialPath(path, this.#ownTag()))
    const both = part === undefined ? undefined : await this.#inner.findBoth?.(path, part)
    // The part of what a link leads to lies beside the link.
    if (both === undefined || (follow && both[0]?.kind === 'link')) return this.#statInTwo(path, follow)
    const [entry, partial] = both
    const unfinished = sizeOfPart(partial)
    if (entry !== undefined) return withUnfinished(entry, unfinished)
    if (unfinished > 0) throw notComplete(unfinished)
    // In the store's own words.
    return this.#inner.stat(path, follow)
  }

  list(path: Path): AsyncIterable<readonly Entry[]> {
    return this.#inner.list(path)
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    return this.#inner.rows?.(path)
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.write !== true || path === '/') return this.#inner.open(path, how)
    const target = await this.#entryAt(path)
    if (target === undefined) {
      const goesOn = how.truncate === true && (how.from ?? 0) > 0
      return how.create === undefined && !goesOn ? this.#inner.open(path, how) : this.#begin(path, how)
    }
    if (how.create === 'require') throw new FileError('exists', 'the name is taken')
    // Moved onto a link, the new file would replace the link and not what it leads to: so that is written in place.
    if (target.kind !== 'file') return this.#inner.open(path, how)
    if (how.truncate === true) return this.#begin(path, how, target)
    return how.append === true ? this.#append(path, how, target) : this.#inner.open(path, how)
  }

  async remove(path: Path): Promise<void> {
    let mayBeLeft: boolean
    try {
      mayBeLeft = await this.#removeFile(path)
    } catch (thrown) {
      if (isNotFound(thrown) && (await this.#dropPartial(path))) return
      throw thrown
    }
    if (mayBeLeft) await this.#dropPartial(path)
  }

  mkdir(path: Path): Promise<void> {
    return this.#inner.mkdir(path)
  }

  rmdir(path: Path): Promise<void> {
    return this.#inner.rmdir(path)
  }

  rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.#inner.rename(from, to, replace)
  }

  /** Of a file that this session is sending, the new content is meant (SFTP clients do so before they close it). */
  change(path: Path, to: Change): Promise<void> {
    return this.#uploads?.get(path)?.change(to) ?? this.#inner.change(path, to)
  }

  link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return this.#inner.link(path, target, kind)
  }

  space(path: Path): Promise<Space> {
    return this.#inner.space(path)
  }

  /**
   * Appending destroys nothing that is there, and copying a log of gigabytes for each new line would: so it is done in
   * place, one at a time, because two would write the same place: also where accounts share a folder, or a file has two names.
   */
  async #append(path: Path, how: Opening, { id }: Entry): Promise<OpenFile> {
    const key = id === undefined ? `${this.#ownTag()} appends to ${path}` : `append to ${id}`
    if (!this.#underWay.take(key)) throw new FileError('busy', 'this file is being appended to right now')
    const over = (): void => this.#underWay.give(key)
    try {
      const file = await this.#inner.open(path, how)
      return new AppendedFile(this.#inner, file, path, await entryOf(file), over)
    } catch (thrown) {
      over()
      throw thrown
    }
  }

  async #statInTwo(path: Path, follow: boolean): Promise<Entry> {
    let entry: Entry
    try {
      entry = await this.#inner.stat(path, follow)
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown
      const unfinished = await this.#unfinished(path)
      throw unfinished === 0 ? thrown : notComplete(unfinished, thrown)
    }
    return entry.kind === 'file' ? withUnfinished(entry, await this.#unfinished(path)) : entry
  }

  async #begin(path: Path, how: Opening, target?: Entry): Promise<Upload> {
    const claim = this.#claim(path)
    let name: string | undefined
    const over = (): void => {
      this.#underWay.give(claim.path)
      if (name !== undefined) this.#underWay.give(name)
    }
    try {
      if (how.unique === true) name = await this.#takeName(path, claim)
      const { file, from, had } = await this.#openPartial(path, how, claim, target)
      const upload = new Upload({
        store: this.#inner,
        file,
        partial: claim.path,
        target: path,
        // What somebody else has put there meanwhile is not what this was to stand behind.
        replace: how.create !== 'require' && how.append !== true,
        // TFTP has no words to go on, so that what is kept would only take room.
        resumable: claim.first && how.anew !== true && this.#login.protocol !== 'tftp',
        from,
        had,
        mode: target?.mode,
        over: () => {
          over()
          if (this.#uploads?.get(path) === upload) this.#uploads.delete(path)
        },
      })
      this.#uploads ??= new Map()
      this.#uploads.set(path, upload)
      return upload
    } catch (thrown) {
      over()
      throw thrown
    }
  }

  /** What comes first has the name, also of two accounts that share the folder: at the end it would be too late to choose another. */
  async #takeName(path: Path, claim: Claim): Promise<string | undefined> {
    const directory = await this.#entryAt(parentOf(path))
    const name = directory?.id === undefined ? undefined : `${nameOf(path)} in ${directory.id}`
    if (!claim.first || (name !== undefined && !this.#underWay.take(name)))
      throw new FileError('exists', 'the name is taken')
    return name
  }

  /** Nothing may be awaited in here, or two uploads could take one part. */
  #claim(path: Path): Claim {
    for (let turn = 0; turn < mostAtOnce; turn += 1) {
      const partial = partialPath(path, this.#ownTag(), turn)
      if (this.#underWay.take(partial)) return { path: partial, first: turn === 0 }
    }
    throw new FileError('busy', `this file is being sent ${mostAtOnce} times already`)
  }

  /** The part, open for what comes, and where that begins. */
  async #openPartial(
    path: Path,
    how: Opening,
    claim: Claim,
    target: Entry | undefined,
  ): Promise<PartialFile> {
    const part: Opening = {
      read: how.read === true,
      write: true,
      create: 'allow',
      apart: how.apart === true,
    }
    const from = how.from ?? 0
    if (how.append === true && how.anew !== true) return this.#openToAppend(part, claim)
    if (from === 0)
      return { file: await this.#inner.open(claim.path, { ...part, truncate: true }), from, had: 0 }
    const first = partialPath(path, this.#ownTag())
    const unfinished = await this.#unfinished(path)
    if (claim.first && unfinished >= from) {
      return { file: await this.#inner.open(first, { ...part, truncate: true, from }), from, had: from }
    }
    const size = target?.size ?? 0
    if (Math.max(unfinished, size) < from) {
      throw new FileError('invalid', `only ${Math.max(unfinished, size)} bytes of this file are here`)
    }
    const source = unfinished >= from ? first : path
    return { file: await this.#copyStart(source, claim.path, part, from), from, had: 0 }
  }

  /** An append to a file that is not there goes on with the part of one that is not complete. */
  async #openToAppend(part: Opening, claim: Claim): Promise<PartialFile> {
    // Where the end is cannot be known while another session, perhaps a dead one, is still writing there.
    if (!claim.first) throw new FileError('busy', 'this file is being sent right now')
    const file = await this.#inner.open(claim.path, { ...part, append: true })
    const { size: from } = await entryOf(file)
    return { file, from, had: from }
  }

  async #copyStart(source: Path, partial: Path, part: Opening, length: number): Promise<OpenFile> {
    const file = await this.#inner.open(partial, { ...part, truncate: true })
    try {
      await copyStart(this.#inner, source, file, length, this.#login)
      return file
    } catch (thrown) {
      await file.abort(asError(thrown))
      await this.#inner.remove(partial)
      throw thrown
    }
  }

  /** How many bytes of an upload of this account's that is not complete are there. */
  async #unfinished(path: Path): Promise<number> {
    if (path === '/') return 0
    return sizeOfPart(await this.#entryAt(partialPath(path, this.#ownTag())))
  }

  async #entryAt(path: Path): Promise<Entry | undefined> {
    const inner = this.#inner
    try {
      return await (inner.find === undefined ? inner.stat(path, false) : inner.find(path))
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined
      throw thrown
    }
  }

  /** Whether an upload to that name may have left something. */
  async #removeFile(path: Path): Promise<boolean> {
    const inner = this.#inner
    if (inner.removeAndFind === undefined || path === '/') {
      await inner.remove(path)
      return true
    }
    const part = nameOf(partialPath(path, this.#ownTag()))
    return (await inner.removeAndFind(path, part)) !== undefined
  }

  /** Drops what an upload has left, unless it is under way. False: nothing was dropped. */
  async #dropPartial(path: Path): Promise<boolean> {
    if (path === '/') return false
    const partial = partialPath(path, this.#ownTag())
    try {
      return (await this.#entryAt(partial)) !== undefined && (await this.#removeUnlessUnderWay(partial))
    } catch (thrown) {
      // One that cannot be found or removed is left to the sweep.
      if (!(thrown instanceof FileError)) throw thrown
      return false
    }
  }

  async #removeUnlessUnderWay(partial: Path): Promise<boolean> {
    if (!this.#underWay.take(partial)) return false
    try {
      await this.#inner.remove(partial)
      return true
    } finally {
      this.#underWay.give(partial)
    }
  }

  #ownTag(): string {
    this.#tag ??= tagOf(this.#login.account.name)
    return this.#tag
  }
}

/** How often one account may send one file at the same time. */
const mostAtOnce = 100

function sizeOfPart(partial: Entry | undefined): number {
  return partial?.kind === 'file' ? partial.size : 0
}

function withUnfinished(entry: Entry, unfinished: number): Entry {
  return unfinished === 0 ? entry : { ...entry, unfinished }
}

function notComplete(unfinished: number, cause?: unknown): FileError {
  const text = `an upload of this file is not complete: ${unfinished} bytes so far`
  return new FileError('not-found', text, { unfinished, cause })
}

/** The size of an open file, which is given up when it does not tell. */
async function entryOf(file: OpenFile): Promise<Entry> {
  try {
    return await file.stat()
  } catch (thrown) {
    await file.abort(asError(thrown))
    throw thrown
  }
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof FileError && thrown.fault === 'not-found'
}
