import type { Clock } from '../../core/clock.ts'
import { asError, IncompleteError } from '../../core/error.ts'
import type { Completeness, RemoteFile } from '../../core/remote.ts'
import type { Entry } from '../../core/store.ts'
import { toNetascii } from '../netascii.ts'
import { encodePacket } from '../packet.ts'
import { Sending } from '../sending.ts'
import type { Answer } from './asking.ts'
import { entryOf } from './entry-of.ts'
import { notInTftp, serverRefused } from './faults.ts'
import { Feed } from './feed.ts'
import type { OpenFiles } from './open-files.ts'

/** What a file that goes is made of. */
export interface OutgoingParts {
  readonly clock: Clock
  readonly answer: Answer
  readonly path: string
  readonly netascii: boolean
  /** How many bytes there will be, where that is known. */
  readonly expected: number | undefined
  readonly files: OpenFiles
}

/** A file that goes to a server, front to back. */
export class OutgoingFile implements RemoteFile {
  completeness: Completeness = 'unproven'
  readonly #parts: OutgoingParts
  readonly #feed = new Feed()
  readonly #sending: Sending
  readonly #sent: Promise<unknown>
  #at = 0
  #over = false

  constructor(parts: OutgoingParts) {
    const { clock, answer, path } = parts
    const { link, terms } = answer
    this.#parts = parts
    this.#sending = new Sending({
      clock,
      link,
      source: this.#feed,
      terms,
      verified: true,
      stopped: (said) => serverRefused(said, path, { phase: 'data' }),
    })
    answer.hear((said) => this.#sending.take(said))
    this.#sent = this.#sending.run()
    // Told by the write or the close that meets it; unheard until then it would end the process.
    this.#sent.catch((thrown: unknown) => this.#feed.fail(asError(thrown)))
  }

  async stat(): Promise<Entry> {
    return entryOf(this.#parts.path, this.#at)
  }

  async read(): Promise<number> {
    throw notInTftp('cannot read a file that it writes')
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    if (at !== this.#at) throw notInTftp('writes a file front to back only')
    for (const { length } of pieces) this.#at += length
    await this.#feed.write(this.#parts.netascii ? pieces.map(toNetascii) : pieces)
  }

  async close(): Promise<void> {
    const { expected, answer, path, files } = this.#parts
    if (expected !== undefined && expected !== this.#at) {
      const text = `${this.#at} bytes were written and ${expected} announced`
      throw new IncompleteError(text, this.#at, expected, { facts: { path, connectionUsable: true } })
    }
    this.#feed.finish()
    await this.#sent
    // Each block was acknowledged, the last one too; and a server that took `tsize` knows how many there must be.
    this.completeness = answer.terms.announced === this.#at ? 'proven' : 'unproven'
    this.#over = true
    files.over(this)
    await answer.link.close()
  }

  async abort(reason: Error): Promise<void> {
    if (this.#over) return
    this.#over = true
    const { link } = this.#parts.answer
    this.#parts.files.over(this)
    this.#sending.end(reason)
    link.send(encodePacket({ kind: 'error', code: 0, text: reason.message }))
    await link.close()
  }
}
