import { asError, FileError } from '../../core/error.ts'
import { isWithin, parsePath, pathBelow, type Path } from '../../core/path.ts'
import type { DirectoryHandle } from './directory-handle.ts'
import type { FileHandle } from './file-handle.ts'

type Handle = FileHandle | DirectoryHandle

/** What one session has open, by the names it was told. */
export class Handles {
  readonly #open = new Map<string, Handle>()
  readonly #most: number
  #made = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Throws when one more would be too many: asked before anything is opened. */
  mustHaveRoom(): void {
    if (this.#open.size >= this.#most) {
      throw new FileError('busy', `more than ${this.#most} files and directories cannot be open at once`)
    }
  }

  add(handle: Handle): string {
    this.#made += 1
    const name = String.fromCharCode(...[24, 16, 8, 0].map((shift) => (this.#made >>> shift) & 255))
    this.#open.set(name, handle)
    return name
  }

  /** Whether a file is open by another name too, and written by one of the two: then what is asked of either has one order. */
  isShared(name: string): boolean {
    const handle = this.#open.get(name)
    if (this.#open.size === 1 || handle?.kind !== 'file') return false
    for (const other of this.#open.values()) {
      if (other === handle || other.kind !== 'file' || other.path !== handle.path) continue
      if (other.use.writes || handle.use.writes) return true
    }
    return false
  }

  file(name: string): FileHandle {
    const handle = this.#find(name)
    if (handle.kind === 'file') return handle
    throw new FileError('is-directory', 'this handle is a directory')
  }

  directory(name: string): DirectoryHandle {
    const handle = this.#find(name)
    if (handle.kind === 'directory') return handle
    throw new FileError('invalid', 'this handle is a file')
  }

  /** The file that this session writes under a path, if it does. */
  writing(path: Path): FileHandle | undefined {
    for (const handle of this.#open.values())
      if (handle.kind === 'file' && handle.use.writes && handle.path === path) return handle
    return undefined
  }

  /** A name was changed: what is open under it, or below it, is from now on under the new one. */
  moved(from: Path, to: Path): void {
    for (const handle of this.#open.values())
      if (handle.kind === 'file' && isWithin(handle.path, from))
        handle.path = handle.path === from ? to : parsePath(`${to}/${pathBelow(handle.path, from)}`)
  }

  /** A file was cut, or made longer: what is appended to it follows its end. */
  resized(path: Path, size: number): void {
    for (const handle of this.#open.values())
      if (handle.kind === 'file' && handle.path === path) handle.resized(size)
  }

  /** Takes a handle out: nobody can use it after that. */
  async close(name: string): Promise<void> {
    const handle = this.#find(name)
    this.#open.delete(name)
    await handle.close()
  }

  /** Takes a handle out, and ends it as not complete. */
  async abort(name: string, reason: Error): Promise<void> {
    const handle = this.#find(name)
    this.#open.delete(name)
    await (handle.kind === 'file' ? handle.abort(reason) : handle.close())
  }

  /** Ends all that is open, as not complete. What goes wrong with that is told to `trouble`. */
  async abortAll(reason: Error, trouble: (error: Error) => void): Promise<void> {
    const handles = [...this.#open.values()]
    this.#open.clear()
    for (const handle of handles) {
      try {
        await (handle.kind === 'file' ? handle.abort(reason) : handle.close())
      } catch (thrown) {
        trouble(asError(thrown))
      }
    }
  }

  #find(name: string): Handle {
    const handle = this.#open.get(name)
    if (handle === undefined) throw new FileError('invalid', 'there is no such handle')
    return handle
  }
}
