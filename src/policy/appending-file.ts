import type { Path } from '../core/path.ts'
import type { Entry, OpenFile, Store } from '../core/store.ts'

/** A file that is written behind its end; given up, it gets back the size it had. */
export class AppendingFile implements OpenFile {
  readonly #inner: Store
  readonly #file: OpenFile
  readonly #path: Path
  readonly #oldSize: number
  readonly #release: () => void

  constructor(inner: Store, file: OpenFile, path: Path, oldSize: number, release: () => void) {
    this.#inner = inner
    this.#file = file
    this.#path = path
    this.#oldSize = oldSize
    this.#release = release
  }

  stat(): Promise<Entry> {
    return this.#file.stat()
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.#file.read(into, at)
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    return this.#file.write(pieces, at)
  }

  async close(): Promise<void> {
    await this.#file.close()
    this.#release()
  }

  async abort(reason: Error): Promise<void> {
    try {
      await this.#file.abort(reason)
      await this.#inner.change(this.#path, { size: this.#oldSize })
    } finally {
      this.#release()
    }
  }
}
