import type { Path } from '../core/path.ts'
import type { Entry, OpenFile, Store } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'

/** An existing file that is appended to in place: cut back to what it was when the rest did not come whole. */
export class AppendedFile implements OpenFile {
  readonly #store: Store
  readonly #file: OpenFile
  readonly #path: Path
  readonly #size: number
  readonly #over: () => void
  #end: number

  /** `over` is called once, when the file is not written any more. */
  constructor(store: Store, file: OpenFile, path: Path, size: number, over: () => void) {
    this.#store = store
    this.#file = file
    this.#path = path
    this.#size = size
    this.#over = over
    this.#end = size
  }

  stat(): Promise<Entry> {
    return this.#file.stat()
  }

  read(into: Uint8Array, at: number): Promise<number> {
    return this.#file.read(into, at)
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    let end = at
    for (const piece of pieces) end += piece.length
    // Counted before it is written: of a write that fails, some may be there.
    this.#end = Math.max(this.#end, end)
    return this.#file.write(pieces, at)
  }

  sync(): Promise<void> {
    return syncFile(this.#file)
  }

  async close(): Promise<void> {
    await this.#file.close()
    this.#over()
  }

  async abort(reason: Error): Promise<void> {
    try {
      await this.#file.abort(reason)
      const { size } = await this.#store.stat(this.#path)
      // Past our own end someone else has appended too, and that is not ours to cut.
      if (size > this.#size && size <= this.#end) await this.#store.change(this.#path, { size: this.#size })
    } finally {
      this.#over()
    }
  }
}
