import { FileError } from '../core/error.ts'
import { nameOf, type Path } from '../core/path.ts'
import type { Change, Entry, OpenFile, Store } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'
import { Written } from './written.ts'

export interface UploadParts {
  readonly store: Store
  /** The part, open to be written. */
  readonly file: OpenFile
  readonly partial: Path
  readonly target: Path
  /** Whether a file may be there when the upload is complete. */
  readonly replace: boolean
  /** Whether what came waits for its owner to go on, if not all comes. */
  readonly resumable: boolean
  /** How many bytes the part begins with. */
  readonly from: number
  /** How many of them were kept before, and not copied for this upload. */
  readonly had: number
  /** The mode of the file that is replaced. */
  readonly mode: number | undefined
  /** Called once, when the part is no longer written. */
  readonly over: () => void
}

/** New content on its way: in a part beside its target until `close` moves it into place. */
export class Upload implements OpenFile {
  readonly #parts: UploadParts
  readonly #written: Written
  #mode: number | undefined
  /** `flushing`: the store has been asked to keep all; if it fails there, nobody knows what it kept. */
  #state: 'open' | 'flushing' | 'flushed' = 'open'
  /** There was no room for the rest. */
  #full = false

  constructor(parts: UploadParts) {
    this.#parts = parts
    this.#mode = parts.mode
    this.#written = new Written(parts.from)
  }

  async stat(): Promise<Entry> {
    const entry = await this.#parts.file.stat()
    return { ...entry, name: nameOf(this.#parts.target), unfinished: entry.size }
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.#parts.file.read(into, at)
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    try {
      await this.#parts.file.write(pieces, at)
    } catch (thrown) {
      if (thrown instanceof FileError && (thrown.fault === 'full' || thrown.fault === 'quota'))
        this.#full = true
      throw thrown
    }
    let end = at
    for (const piece of pieces) end += piece.length
    this.#written.add(at, end)
  }

  async change(to: Change): Promise<void> {
    await this.#parts.store.change(this.#parts.partial, to)
    if (to.mode !== undefined) this.#mode = undefined
    if (to.size !== undefined) this.#written.cut(to.size)
  }

  sync(): Promise<void> {
    return syncFile(this.#parts.file)
  }

  async close(): Promise<void> {
    const { store, file, partial, target, replace, over } = this.#parts
    const { id, mode: ownMode } = await file.stat()
    // While it is open no disk gives it another id, as FAT may do later.
    await this.#mustBeThere(id)
    const mode = this.#modeToCarry(ownMode)
    this.#state = 'flushing'
    await file.close()
    this.#state = 'flushed'
    if (mode !== undefined) await this.#carryMode(mode)
    await store.rename(partial, target, replace)
    over()
  }

  async abort(reason: Error): Promise<void> {
    const { resumable, over } = this.#parts
    try {
      const length = resumable ? this.#worthKeeping() : 0
      if (length > 0) await this.#keep(reason, length)
      else if (this.#state === 'flushed') await this.#drop()
      else await this.#giveUp(reason)
    } finally {
      over()
    }
  }

  /**
   * How much waits for its owner. What came of a file that there is no room for would only take the room of others, where nobody
   * sees it: of that no more waits than before.
   */
  #worthKeeping(): number {
    if (this.#state === 'flushing') return 0
    const { whole } = this.#written
    return this.#full ? Math.min(whole, this.#parts.had) : whole
  }

  /** Mostly the new file has the mode of the old one by itself. */
  #modeToCarry(mode: number | undefined): number | undefined {
    return mode === this.#mode || !this.#parts.store.features.has('modes') ? undefined : this.#mode
  }

  /** Somebody may have put a copy of the directory in its place, with as much in the part as there was then. */
  async #mustBeThere(id: string | undefined): Promise<void> {
    const { store, partial } = this.#parts
    if (id === undefined) return
    const found = store.find === undefined ? await store.stat(partial, false) : await store.find(partial)
    if (found === undefined) throw new FileError('not-found', 'no such file or directory')
    if (found.id !== id)
      throw new FileError('failed', 'another file took the place of this one while it was sent')
  }

  async #carryMode(mode: number): Promise<void> {
    const { store, partial } = this.#parts
    try {
      await store.change(partial, { mode })
    } catch (thrown) {
      // Where modes cannot be set by this process, the content is still what counts.
      if (!(thrown instanceof FileError)) throw thrown
    }
  }

  /** To the store the part is complete as it is: on `abort` it would be free to drop it. */
  async #keep(reason: Error, length: number): Promise<void> {
    const { store, file, partial } = this.#parts
    if (this.#state === 'open') {
      try {
        await file.close()
      } catch {
        // It cannot be trusted then, and is not worth more words than the reason of the abort.
        return this.#giveUp(reason)
      }
    }
    const { size } = await store.stat(partial, false)
    if (size > length) await this.#cutTo(length)
  }

  /** Behind the first hole nothing is kept: whoever goes on would build on bytes that never came. */
  async #cutTo(size: number): Promise<void> {
    const { store, partial } = this.#parts
    try {
      await store.change(partial, { size })
    } catch (thrown) {
      await this.#drop()
      throw thrown
    }
  }

  /** The part goes also where its end fails: what nobody vouches for must not be gone on with. */
  async #giveUp(reason: Error): Promise<void> {
    try {
      await this.#parts.file.abort(reason)
    } finally {
      await this.#drop()
    }
  }

  async #drop(): Promise<void> {
    try {
      await this.#parts.store.remove(this.#parts.partial)
    } catch (thrown) {
      if (!(thrown instanceof FileError && thrown.fault === 'not-found')) throw thrown
    }
  }
}
