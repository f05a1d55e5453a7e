import type { Path } from '../core/path.ts'
import type { Entry, OpenFile, Store } from '../core/store.ts'
import { syncFile } from '../core/sync.ts'

/** An existing file that is appended to in place: cut back to what it was when the rest did not come whole. */
export class AppendedFile implements OpenFile {
  readonly #store: Store
  readonly #file: OpenFile
  readonly #path: Path
  readonly #found: Entry
  readonly #over: () => void
  #end: number

  /** `found` is what it was as it was opened. `over` is called once, when the file is not written any more. */
  constructor(store: Store, file: OpenFile, path: Path, found: Entry, over: () => void) {
    this.#store = store
    this.#file = file
    this.#path = path
    this.#found = found
    this.#over = over
    this.#end = found.size
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
      try {
        await this.#file.abort(reason)
      } finally {
        // Also where the end failed: a disk of the network tells only there that it has no room.
        await this.#cutBack()
      }
    } finally {
      this.#over()
    }
  }

  async #cutBack(): Promise<void> {
    const now = await this.#store.stat(this.#path)
    // Past our own end someone else has appended too, and another file may have the name by now: neither is ours to cut.
    if (now.id === this.#found.id && now.size > this.#found.size && now.size <= this.#end)
      await this.#store.change(this.#path, { size: this.#found.size })
  }
}
