import { FileError } from '../core/error.ts'
import { joinPath, nameOf, parentOf, resolvePath, type Path } from '../core/path.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Change, Entry, Opening, OpenFile, Space, Store } from '../core/store.ts'
import { AppendingFile } from './appending-file.ts'
import { copyStart } from './copy-start.ts'
import { isPartialName, partialName } from './partial-name.ts'
import { UploadFile } from './upload-file.ts'

/**
 * Uploads are never half visible. New content goes into a part beside its target, under a name that no listing shows, and
 * takes the target's place in one rename when its end is proven; until then the old content stays as it is. A part that was
 * given up waits for its account to go on with it. Random writes into a file that is there (no `truncate`) are in place.
 */
export function atomicUploads(): Policy {
  const underWay = new Set<string>()
  return (inner, login) => new AtomicUploads(inner, login, underWay)
}

class AtomicUploads implements Store {
  readonly features: Store['features']
  readonly #inner: Store
  readonly #account: string
  readonly #atomic: boolean
  /** The parts that are being written now, by all sessions: two may not write the same one. */
  readonly #underWay: Set<string>

  constructor(inner: Store, { account }: Login, underWay: Set<string>) {
    this.features = inner.features
    this.#inner = inner
    this.#account = account.name
    this.#atomic = account.uploads === 'atomic'
    this.#underWay = underWay
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    refusePartial(path)
    if (how.write !== true || !this.#atomic) return this.#inner.open(path, how)
    const target = await this.#throughLinks(path)
    const old = await this.#look(target)
    if (old?.kind === 'directory') throw new FileError('is-directory', 'that is a directory')
    if (old === undefined && how.create === undefined)
      throw new FileError('not-found', 'there is no such file')
    if (old !== undefined && how.create === 'require')
      throw new FileError('exists', 'there is a file of that name')
    if (how.append === true) return this.#append(target, old, how)
    if (how.truncate === true) return this.#upload(target, old, how)
    return old === undefined ? this.#upload(target, old, how) : this.#inner.open(target, how)
  }

  async stat(path: Path, follow?: boolean): Promise<Entry> {
    hidePartial(path)
    const entry = await this.#look(path, follow)
    if (entry !== undefined && entry.kind !== 'file') return entry
    const part = await this.#look(this.#partOf(path), false)
    if (entry === undefined) throw notFound(part?.size)
    return part === undefined ? entry : { ...entry, unfinished: part.size }
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    hidePartial(path)
    for await (const batch of this.#inner.list(path)) {
      yield batch.some(({ name }) => isPartialName(name))
        ? batch.filter(({ name }) => !isPartialName(name))
        : batch
    }
  }

  async remove(path: Path): Promise<void> {
    hidePartial(path)
    const part = this.#partOf(path)
    const partRemoved = !this.#underWay.has(part) && (await this.#removeQuietly(part))
    try {
      await this.#inner.remove(path)
    } catch (thrown) {
      if (!partRemoved || !isNotFound(thrown)) throw thrown
    }
  }

  async rmdir(path: Path): Promise<void> {
    hidePartial(path)
    try {
      await this.#inner.rmdir(path)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'not-empty') throw thrown
      if (!(await this.#emptyOfParts(path))) throw thrown
      await this.#inner.rmdir(path)
    }
  }

  async mkdir(path: Path): Promise<void> {
    refusePartial(path)
    return this.#inner.mkdir(path)
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    hidePartial(from)
    refusePartial(to)
    return this.#inner.rename(from, to, replace)
  }

  async change(path: Path, to: Change): Promise<void> {
    hidePartial(path)
    return this.#inner.change(path, to)
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    refusePartial(path)
    if (target.split('/').some(isPartialName)) throw new FileError('not-found', 'there is no such file')
    return this.#inner.link(path, target, kind)
  }

  space(path: Path): Promise<Space> {
    return this.#inner.space(path)
  }

  async #upload(target: Path, old: Entry | undefined, how: Opening): Promise<OpenFile> {
    const part = this.#claim(target, how.create === 'require')
    try {
      const file = await this.#openPart(part, target, old, how)
      return new UploadFile({
        inner: this.#inner,
        file,
        part: part.path,
        target,
        replace: how.create !== 'require',
        keep: part.resumable,
        release: () => this.#underWay.delete(part.path),
      })
    } catch (thrown) {
      this.#underWay.delete(part.path)
      throw thrown
    }
  }

  async #openPart(part: Part, target: Path, old: Entry | undefined, how: Opening): Promise<OpenFile> {
    const from = how.from ?? 0
    const writing = { write: true, read: how.read ?? false } as const
    if (from === 0 && how.append !== true) {
      return this.#inner.open(part.path, { ...writing, create: 'allow', truncate: true })
    }
    const waiting = part.resumable ? await this.#look(part.path, false) : undefined
    if (how.append === true) return this.#inner.open(part.path, { ...writing, create: 'allow', append: true })
    if (waiting !== undefined && waiting.size >= from) {
      return this.#inner.open(part.path, { ...writing, truncate: true, from })
    }
    if (old === undefined || old.size < from) {
      const there = Math.max(waiting?.size ?? 0, old?.size ?? 0)
      throw new FileError('invalid', `there are only ${there} bytes`)
    }
    const file = await this.#inner.open(part.path, { ...writing, create: 'allow', truncate: true })
    await copyStart(this.#inner, target, file, from)
    return file
  }

  /** Appending destroys nothing, and copying a large log for each line would: so it is in place, one at a time. */
  async #append(target: Path, old: Entry | undefined, how: Opening): Promise<OpenFile> {
    if (old === undefined) return this.#upload(target, old, how)
    const key = `append ${target}`
    if (this.#underWay.has(key)) throw new FileError('busy', 'someone is appending to that file')
    this.#underWay.add(key)
    try {
      const file = await this.#inner.open(target, how)
      return new AppendingFile(this.#inner, file, target, old.size, () => this.#underWay.delete(key))
    } catch (thrown) {
      this.#underWay.delete(key)
      throw thrown
    }
  }

  /** The name to write under: the one that can be found again, unless another upload to the same target has it. */
  #claim(target: Path, exclusive: boolean): Part {
    for (let number = 0; ; number += 1) {
      const path = this.#partOf(target, number)
      if (this.#underWay.has(path)) {
        if (exclusive) throw new FileError('exists', 'someone is uploading to that name')
        continue
      }
      this.#underWay.add(path)
      return { path, resumable: number === 0 }
    }
  }

  /** Where a link to a file leads: its target gets the new content, the link stays. */
  async #throughLinks(path: Path): Promise<Path> {
    let place = path
    for (let hops = 0; hops < mostLinks; hops += 1) {
      const entry = await this.#look(place, false)
      if (entry?.kind !== 'link' || entry.target === undefined) return place
      place = resolvePath(parentOf(place), entry.target)
    }
    throw new FileError('denied', 'too many links')
  }

  async #look(path: Path, follow?: boolean): Promise<Entry | undefined> {
    try {
      return await this.#inner.stat(path, follow)
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined
      throw thrown
    }
  }

  async #removeQuietly(path: Path): Promise<boolean> {
    try {
      await this.#inner.remove(path)
      return true
    } catch (thrown) {
      if (isNotFound(thrown)) return false
      throw thrown
    }
  }

  /** Removes the parts in a directory that holds nothing else; false where it does, or where one is being written. */
  async #emptyOfParts(path: Path): Promise<boolean> {
    const parts: Path[] = []
    for await (const batch of this.#inner.list(path)) {
      for (const { name } of batch) {
        const place = joinPath(path, name)
        if (!isPartialName(name) || this.#underWay.has(place)) return false
        parts.push(place)
      }
    }
    for (const part of parts) await this.#removeQuietly(part)
    return true
  }

  #partOf(path: Path, number = 0): Path {
    return path === '/' ? path : joinPath(parentOf(path), partialName(this.#account, nameOf(path), number))
  }
}

interface Part {
  readonly path: Path
  readonly resumable: boolean
}

/** As many as Linux follows. */
const mostLinks = 40

function refusePartial(path: Path): void {
  if (isPartialName(nameOf(path)))
    throw new FileError('denied', 'names like that are kept for uploads under way')
}

function hidePartial(path: Path): void {
  if (isPartialName(nameOf(path))) throw notFound(undefined)
}

function notFound(unfinished: number | undefined): FileError {
  return unfinished === undefined
    ? new FileError('not-found', 'there is no such file or directory')
    : new FileError('not-found', `the upload of this file is not complete, ${unfinished} bytes are here`, {
        unfinished,
      })
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof FileError && thrown.fault === 'not-found'
}
