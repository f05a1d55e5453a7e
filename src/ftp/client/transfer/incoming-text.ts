import { FileError } from '../../../core/error.ts'
import type { Completeness, RemoteFile } from '../../../core/remote.ts'
import type { Entry } from '../../../core/store.ts'
import { FromNetwork } from '../../wire/ascii.ts'
import type { IncomingFile } from './incoming-file.ts'
import type { SessionPool } from '../session/pool.ts'

/** How much is taken from the wire at once. */
const blockSize = 65_536

/** A text that comes from a server in TYPE A: its lines end with LF here. It is read once, front to back. */
export class IncomingText implements RemoteFile {
  readonly #wire: IncomingFile
  readonly #lines = new FromNetwork()
  readonly #block = new Uint8Array(blockSize)
  #ready: Uint8Array = new Uint8Array(0)
  #taken = 0
  #given = 0
  #ended = false

  constructor(wire: IncomingFile) {
    this.#wire = wire
  }

  get completeness(): Completeness {
    return this.#wire.completeness
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at !== this.#given) throw new FileError('unsupported', 'text is read front to back only')
    while (this.#ready.length === 0 && !this.#ended) await this.#more()
    const count = Math.min(into.length, this.#ready.length)
    into.set(this.#ready.subarray(0, count))
    this.#ready = this.#ready.subarray(count)
    this.#given += count
    return count
  }

  isOf(pool: SessionPool): boolean {
    return this.#wire.isOf(pool)
  }

  write(): Promise<void> {
    return this.#wire.write()
  }

  stat(): Promise<Entry> {
    return this.#wire.stat()
  }

  close(): Promise<void> {
    return this.#wire.close()
  }

  abort(reason: Error): Promise<void> {
    return this.#wire.abort(reason)
  }

  async #more(): Promise<void> {
    const count = await this.#wire.read(this.#block, this.#taken)
    this.#taken += count
    this.#ended = count === 0
    this.#ready = this.#ended ? this.#lines.end() : this.#lines.decode(this.#block.subarray(0, count))
  }
}
