import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Entry, OpenFile, Store } from '../core/store.ts'

interface Upload {
  readonly inner: Store
  readonly file: OpenFile
  readonly part: Path
  readonly target: Path
  /** Whether a file of the target's name may be there at the end. */
  readonly replace: boolean
  /** Whether the part stays when the upload is given up, to go on with. */
  readonly keep: boolean
  release(): void
}

/** An upload on its way into a part; `close` gives it the target's name, `abort` leaves the target as it was. */
export class UploadFile implements OpenFile {
  readonly #upload: Upload
  #closed = false

  constructor(upload: Upload) {
    this.#upload = upload
  }

  stat(): Promise<Entry> {
    return this.#upload.file.stat()
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.#upload.file.read(into, at)
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    return this.#upload.file.write(pieces, at)
  }

  async close(): Promise<void> {
    const { inner, file, part, target, replace } = this.#upload
    await file.close()
    this.#closed = true
    await this.#keepMode()
    await inner.rename(part, target, replace)
    this.#upload.release()
  }

  async abort(reason: Error): Promise<void> {
    const { inner, file, part, keep } = this.#upload
    try {
      if (!this.#closed) await file.abort(reason)
      const { size } = await inner.stat(part, false)
      if (!keep || size === 0) await inner.remove(part)
    } finally {
      this.#upload.release()
    }
  }

  /** Who replaces a file by a new one keeps its permissions, as writing into it would have. */
  async #keepMode(): Promise<void> {
    const { inner, part, target } = this.#upload
    if (!inner.features.has('modes')) return
    try {
      const { mode } = await inner.stat(target)
      if (mode !== undefined) await inner.change(part, { mode })
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown
      // There is no old file, or it belongs to someone else: the content counts.
    }
  }
}
