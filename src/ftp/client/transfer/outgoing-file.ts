import { FileError, IncompleteError, NetworkError } from '../../../core/error.ts'
import { nameOf, type Path } from '../../../core/path.ts'
import type { Completeness, RemoteFile } from '../../../core/remote.ts'
import type { Change, Entry } from '../../../core/store.ts'
import type { Reply } from '../../wire/reply.ts'
import { ToNetwork } from '../../wire/ascii.ts'
import { beginTransfer, type Transfer } from './begin-transfer.ts'
import { faultOf, fileError, saidBy } from '../faults.ts'
import { areSettled, settingLines } from '../settings.ts'
import { sizeIn, sizeLine, sizeOf } from '../listing/size-of.ts'
import { patient } from '../session/patient.ts'
import type { SessionPool } from '../session/pool.ts'
import type { FtpSession } from '../session/session.ts'
import { lastWordsMs } from './last-words.ts'
import { stopTransfer } from './stop-transfer.ts'
import type { TransferCommand } from './transfer-command.ts'

/** What a file that is written needs of its store. */
export interface Writing {
  readonly pool: SessionPool
  readonly path: Path
  readonly signal: AbortSignal | undefined
  readonly line: 'STOR' | 'APPE'
  /** Whether the bytes are lines of text, and are sent in TYPE A. */
  readonly text: boolean
  /** It may begin in one write with the request for a data connection. */
  readonly together: boolean
  /** There was no such file just now: one that is begun in vain is none that was emptied. */
  readonly isNew: boolean
  /** What the file is to have once it is whole. */
  readonly keeps?: Change | undefined
  /** Where the first byte goes. */
  readonly from: number
  /** Whether the file ends there by now. */
  readonly atEnd: boolean
  stat(): Promise<Entry>
}

/** So much at once is waited for: a megabyte may take a slow line minutes without anybody being silent. */
const part = 256 * 1024

/** A file that goes to a server, in order. It is there when the server has said so, and its size agrees. */
export class OutgoingFile implements RemoteFile {
  completeness: Completeness = 'unproven'
  kept = false
  readonly #about: Writing
  #session: FtpSession | undefined
  #transfer: Transfer | undefined
  /** How many bytes the caller has given, and how many those are on the wire. */
  #given: number
  #position: number
  readonly #lines: ToNetwork | undefined
  #lineEnds = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(about: Writing) {
    this.#about = about
    this.#given = about.from
    this.#position = about.from
    this.#lines = about.text ? new ToNetwork() : undefined
  }

  /** Begins, so that what cannot be written is refused now. Once it has begun, the session is the file's until its end. */
  async start(session: FtpSession): Promise<void> {
    const { path, line, from, signal, text, together, isNew } = this.#about
    await session.type(text ? 'A' : 'I')
    const restart = line === 'STOR' ? from : 0
    const doing = `upload ${path}`
    const command = { line: `${line} ${path}`, restart, path, together, harmless: isNew, doing }
    this.#transfer = await this.#begin(session, command, signal)
    this.#session = session
    signal?.addEventListener('abort', this.#cut, { once: true })
  }

  /**
   * ProFTPD refuses REST with STOR unless it is told otherwise, and IIS knows no REST: both append to what ends there. Who names
   * what it can and not REST (RFC 3659 §5.1) may take it and yet cut the file: npm's ftp-srv loses all before that place.
   */
  async #begin(
    session: FtpSession,
    command: TransferCommand,
    signal: AbortSignal | undefined,
  ): Promise<Transfer> {
    const { atEnd, path, from } = this.#about
    if (!atEnd || command.restart === undefined || command.restart === 0)
      return beginTransfer(session, command, signal)
    const append = { ...command, line: `APPE ${path}`, restart: 0 }
    const namesNoRest = session.features.length > 0 && !session.can('REST')
    const [first, second] = namesNoRest ? [append, command] : [command, append]
    try {
      return await beginTransfer(session, first, signal)
    } catch (thrown) {
      const isRefused = thrown instanceof FileError && thrown.fault !== 'full' && session.control.usable
      if (!isRefused || (await sizeOf(session, path)) !== from) throw thrown
    }
    try {
      return await beginTransfer(session, second, signal)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault === 'full') throw thrown
      throw new FileError('unsupported', `upload ${path}: the server goes on behind no file`, {
        cause: thrown,
        facts: thrown.facts,
      })
    }
  }

  async stat(): Promise<Entry> {
    const { path } = this.#about
    return { name: nameOf(path), kind: 'file', size: this.#given, modified: new Date(0) }
  }

  async read(): Promise<number> {
    throw new FileError('denied', 'the file is open for writing only')
  }

  write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    const turn = this.#turn.then(() => this.#write(pieces, at))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    await this.#turn
    const { session, transfer } = this.#mustRun()
    const last = await this.#end(session, transfer)
    this.#transfer = undefined
    transfer.conn.destroy()
    try {
      if (last !== undefined && last.code >= 300) throw this.#refused(last)
      if (last === undefined) await this.#lookAgain()
      else await this.#settle(session)
    } finally {
      this.#giveBack()
    }
  }

  async abort(reason: Error): Promise<void> {
    const transfer = this.#transfer
    this.#transfer = undefined
    if (transfer !== undefined && this.#session !== undefined) {
      await stopTransfer(this.#session, transfer, reason)
    }
    this.#giveBack()
  }

  async #write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    const { session, transfer } = this.#mustRun()
    if (at !== this.#given) throw new FileError('unsupported', 'FTP writes a file in order only')
    const { clock, silenceMs } = session.house
    try {
      for (const bytes of pieces.flatMap(partsOf)) {
        const sent = this.#lines?.encode(bytes) ?? bytes
        await patient(clock, silenceMs, transfer.conn.write(sent), (error) => transfer.conn.destroy(error))
        session.movedAt = clock.ticks()
        this.#given += bytes.length
        this.#position += sent.length
        if (this.#lines !== undefined) this.#lineEnds += lineEndsIn(sent)
      }
    } catch (thrown) {
      throw await this.#explained(session, transfer, thrown)
    }
  }

  /** A server that cuts the data connection says why on the other one. */
  async #explained(session: FtpSession, transfer: Transfer, thrown: unknown): Promise<unknown> {
    if (!(thrown instanceof NetworkError)) return thrown
    this.#transfer = undefined
    transfer.conn.destroy(thrown)
    if (!session.control.usable) return this.#broken(thrown)
    try {
      const last = await session.control.reply(lastWordsMs)
      return last.code >= 400 ? this.#refused(last) : this.#broken(thrown)
    } catch (silent) {
      if (silent instanceof NetworkError) return this.#broken(thrown)
      throw silent
    }
  }

  /** The connection broke in the middle. */
  #broken(cause: NetworkError): NetworkError {
    if (cause.fault === 'aborted') return cause
    const { path } = this.#about
    return new NetworkError(
      cause.fault,
      `${path} was cut off behind ${this.#position} bytes: ${cause.message}`,
      {
        cause,
        facts: { ...cause.facts, path, phase: 'data', retryable: true },
      },
    )
  }

  /** Says that all is sent, and hears the last reply; undefined: it was lost. */
  async #end(session: FtpSession, transfer: Transfer): Promise<Reply | undefined> {
    const { clock, silenceMs } = session.house
    const lastWords = (): Promise<Reply> => session.control.reply(lastWordsMs)
    // What was said before a byte was sent says nothing of the bytes.
    let last = transfer.isEarly ? lastWords : (): Promise<Reply> => transfer.ended()
    try {
      await patient(clock, silenceMs, transfer.conn.end(), (error) => transfer.conn.destroy(error))
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      // Cut, the bytes that were on their way with it: what the server says of it matters, if it does.
      last = lastWords
    }
    try {
      return await last()
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      return undefined
    }
  }

  /** The reply is there. What is to be asked and set goes in one write, where the server takes that. */
  async #settle(session: FtpSession): Promise<void> {
    const { text, path, keeps = {} } = this.#about
    const settings = settingLines(session, path, keeps)
    const mayTogether = !text && session.can('SIZE') && !session.house.together.fails
    if (!mayTogether || settings.length === 0) return this.#compareHere(session)
    const [sized, ...set] = await session.askTogether([sizeLine(path), ...settings])
    if (sized === undefined) return this.#compareAnew()
    this.#judge(sizeIn(sized))
    this.kept = areSettled(path, settings, set)
  }

  /** The reply is there: does the size agree? */
  async #compare(session: FtpSession): Promise<void> {
    if (this.#about.text) return this.#compareText(session)
    this.#judge(await this.#sizeBy(session))
  }

  /** What is not answered may be over another connection. */
  async #compareHere(session: FtpSession): Promise<void> {
    await this.#compare(session)
    if (this.completeness === 'unproven' && !session.control.usable) await this.#compareAnew()
  }

  #judge(size: number | undefined): void {
    if (size === undefined) return
    if (size !== this.#position) throw this.#short(size)
    this.completeness = 'proven'
  }

  /**
   * Many refuse SIZE in TYPE A, and some tell there what the file has in TYPE I, where an end of a line is one byte or two.
   * What is longer than that may be so for reasons of that system, and proves nothing.
   */
  async #compareText(session: FtpSession): Promise<void> {
    const shortest = this.#position - this.#lineEnds
    for (const type of ['A', 'I'] as const) {
      const size = await this.#sizeBy(session, type)
      if (size === undefined) continue
      if (size < shortest) throw this.#short(size)
      if (size === this.#position || size === shortest) {
        this.completeness = 'proven'
        return
      }
    }
  }

  /** The session is gone, and the size still to be asked. */
  #compareAnew(): Promise<void> {
    return this.#elsewhere((session) => this.#compare(session))
  }

  async #elsewhere(ask: (session: FtpSession) => Promise<void>): Promise<void> {
    this.#session?.control.destroy()
    this.#giveBack()
    const { pool, signal } = this.#about
    const session = await pool.take(signal)
    try {
      await ask(session)
    } finally {
      pool.give(session)
    }
  }

  /** The reply was lost: another session may tell how much is there. */
  #lookAgain(): Promise<void> {
    return this.#elsewhere(async (session) => {
      if (this.#about.text) {
        await this.#compareText(session)
        if (this.completeness !== 'proven') throw this.#short(undefined)
      } else {
        const size = await this.#sizeBy(session)
        if (size !== this.#position) throw this.#short(size)
      }
      this.completeness = 'size-only'
    })
  }

  async #sizeBy(session: FtpSession, type: 'I' | 'A' = 'I'): Promise<number | undefined> {
    try {
      return await sizeOf(session, this.#about.path, type)
    } catch (thrown) {
      if (thrown instanceof NetworkError) return undefined
      throw thrown
    }
  }

  #refused(last: Reply): FileError | IncompleteError {
    const { path } = this.#about
    if (last.code >= 500 || faultOf(last) === 'full') return fileError(last, `upload ${path}`, { path })
    return new IncompleteError(`the server did not take all of ${path}`, this.#position, undefined, {
      facts: {
        ...saidBy(last),
        path,
        phase: 'end',
        retryable: true,
        connectionUsable: true,
      },
    })
  }

  #short(size: number | undefined): IncompleteError {
    const { path } = this.#about
    const there = size === undefined ? 'it does not tell how much is there' : `${size} bytes are there`
    const message = `${path} is not proven whole: ${this.#position} bytes were sent, and ${there}`
    return new IncompleteError(message, size ?? 0, this.#position, {
      facts: { path, phase: 'end', retryable: true, connectionUsable: true },
    })
  }

  #mustRun(): { session: FtpSession; transfer: Transfer } {
    if (this.#session === undefined || this.#transfer === undefined) {
      throw new FileError('invalid', 'the file is closed')
    }
    return { session: this.#session, transfer: this.#transfer }
  }

  readonly #cut = (): void => this.#transfer?.conn.destroy(new NetworkError('aborted', 'stopped'))

  #giveBack(): void {
    this.#about.signal?.removeEventListener('abort', this.#cut)
    const session = this.#session
    this.#session = undefined
    if (session !== undefined) this.#about.pool.give(session)
  }
}

/** Whatever ends a line on the wire ends with LF. */
function lineEndsIn(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

function partsOf(piece: Uint8Array): readonly Uint8Array[] {
  if (piece.length <= part) return [piece]
  const count = Math.ceil(piece.length / part)
  return Array.from({ length: count }, (_, at) => piece.subarray(at * part, (at + 1) * part))
}
