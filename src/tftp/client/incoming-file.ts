import type { Clock } from '../../core/clock.ts'
import { asError, FileError, IncompleteError, NetworkError } from '../../core/error.ts'
import type { Completeness, RemoteFile } from '../../core/remote.ts'
import type { Entry } from '../../core/store.ts'
import { encodePacket } from '../packet.ts'
import { Receiving } from '../receiving.ts'
import type { Answer } from './asking.ts'
import { entryOf } from './entry-of.ts'
import { notInTftp, serverRefused } from './faults.ts'
import type { OpenFiles } from './open-files.ts'
import { Pipe } from './pipe.ts'

/** What a file that comes is made of. */
export interface IncomingParts {
  readonly clock: Clock
  readonly answer: Answer
  readonly path: string
  readonly netascii: boolean
  readonly files: OpenFiles
}

/** A file that comes from a server, front to back. */
export class IncomingFile implements RemoteFile {
  completeness: Completeness = 'unproven'
  readonly #parts: IncomingParts
  readonly #pipe = new Pipe()
  readonly #receiving: Receiving
  readonly #announced: number | undefined
  #at = 0
  #over = false

  constructor(parts: IncomingParts) {
    const { clock, answer, path, netascii } = parts
    const { link, terms, packet } = answer
    this.#parts = parts
    this.#announced = netascii ? undefined : terms.announced
    this.#receiving = new Receiving({
      clock,
      link,
      terms: { ...terms, announced: undefined },
      netascii,
      greeting: packet.kind === 'oack' ? { kind: 'ack', block: 0 } : undefined,
      verified: true,
      stopped: (said) => serverRefused(said, path, { phase: 'data' }),
    })
    answer.hear((said) => this.#receiving.take(said))
    this.#receiving.run(this.#pipe).then(
      () => this.#pipe.end(),
      (thrown: unknown) => this.#pipe.fail(asError(thrown)),
    )
    if (packet.kind === 'data') this.#receiving.take(packet)
  }

  async stat(): Promise<Entry> {
    return entryOf(this.#parts.path, this.#announced)
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at < this.#at) throw notInTftp('reads a file front to back only')
    // A server cannot be told where to begin: what stands before is received and dropped.
    if (at > this.#at && !(await this.#skipTo(at))) return 0
    let filled = 0
    for (let count = 1; count > 0 && filled < into.length; filled += count) {
      count = await this.#pipe.read(into.subarray(filled))
      this.#at += count
    }
    // Not at its end: there may be none.
    if (this.#announced !== undefined && this.#at > this.#announced) throw this.#tooLong()
    return filled
  }

  async write(): Promise<void> {
    throw notInTftp('cannot write a file that it reads')
  }

  async close(): Promise<void> {
    if (this.#over) return
    // Who reads as much as `stat` told has not seen the end yet, which may be an empty block.
    if (this.#at === this.#announced) await this.#beyond()
    if (!this.#pipe.ended) {
      await this.abort(new FileError('aborted', 'no more of it is wanted'))
      return
    }
    if (this.#announced !== undefined && this.#at !== this.#announced)
      throw this.#incomplete(`${this.#at} bytes came of the ${this.#announced} that the server told`)
    this.completeness = this.#announced === undefined ? 'unproven' : 'proven'
    this.#over = true
    const { answer, files } = this.#parts
    const { lossy } = this.#receiving
    const until = this.#receiving.confirm().then(() => answer.link.close())
    files.over(this)
    files.linger({
      lossy,
      until,
      stop: () => this.#receiving.end(new NetworkError('closed', 'no more is said')),
    })
  }

  async abort(reason: Error): Promise<void> {
    if (this.#over) return
    this.#over = true
    const { link } = this.#parts.answer
    this.#parts.files.over(this)
    this.#pipe.fail(reason)
    this.#receiving.end(reason)
    link.send(encodePacket({ kind: 'error', code: 0, text: reason.message }))
    await link.close()
  }

  /** False: the file ends before. */
  async #skipTo(at: number): Promise<boolean> {
    const dropped = new Uint8Array(65_536)
    while (this.#at < at) {
      const count = await this.#pipe.read(dropped.subarray(0, at - this.#at))
      if (count === 0) return false
      this.#at += count
    }
    return true
  }

  async #beyond(): Promise<void> {
    if ((await this.#pipe.read(new Uint8Array(1))) > 0) throw this.#tooLong()
  }

  #tooLong(): IncompleteError {
    return this.#incomplete(`more came than the ${this.#announced} bytes that the server told`)
  }

  #incomplete(text: string): IncompleteError {
    const facts = { path: this.#parts.path, phase: 'end', retryable: true, connectionUsable: true } as const
    return new IncompleteError(text, this.#at, this.#announced, { facts })
  }
}
