import {
  FileError,
  IncompleteError,
  InformedError,
  NetworkError,
  asError,
  triedOut,
  wantsAnew,
} from '../../../core/error.ts'
import type { Completeness, RemoteFile } from '../../../core/remote.ts'
import { pause } from '../../../core/pause.ts'
import type { Entry } from '../../../core/store.ts'
import type { Reply } from '../../wire/reply.ts'
import { beginTransfer, type Transfer } from './begin-transfer.ts'
import { ExpectedFile, type Wanted } from './expected-file.ts'
import { explained } from '../explained.ts'
import { notWhole } from './not-whole.ts'
import { patient } from '../session/patient.ts'
import type { SessionPool } from '../session/pool.ts'
import type { FtpSession } from '../session/session.ts'
import { stopTransfer } from './stop-transfer.ts'
import { NotTogether } from '../session/say-together.ts'

/** What a file that is read needs of its store. */
export interface Reading extends Wanted {
  readonly pool: SessionPool
  readonly signal: AbortSignal | undefined
  /** How often a transfer that broke goes on over another connection. */
  readonly retries: number
  stat(): Promise<Entry>
}

/**
 * A file that comes from a server. It is read in order: RETR is one stream, begun anew with REST where somebody wants another
 * place, and where the connection broke. Its end is believed when the server has said so and its size agrees.
 */
export class IncomingFile implements RemoteFile {
  completeness: Completeness = 'unproven'
  readonly #about: Reading
  readonly #file: ExpectedFile
  #session: FtpSession | undefined
  #transfer: Transfer | undefined
  #pieces: Uint8Array[] = []
  #position = 0
  /** Where the transfer began that runs now. */
  #from = 0
  /** When that one had begun, and how long it had taken to. */
  #begunAt = 0
  #beginningMs = 0
  #ended = false
  #left: number
  #turn: Promise<unknown> = Promise.resolve()
  /** Nobody wants more of it: what breaks now does not go on. */
  #isGivenUp = false
  /** Ends the waits before a transfer goes on. */
  #goingOn: AbortController | undefined

  constructor(about: Reading) {
    this.#about = about
    this.#file = new ExpectedFile(about)
    this.#left = about.retries
  }

  /** Begins at a place, so that what cannot be read is refused now. */
  async start(from: number): Promise<void> {
    this.#session = await this.#about.pool.take(this.#about.signal)
    try {
      await this.#file.begin(this.#session, from)
      await this.#begin(from)
      this.#about.signal?.addEventListener('abort', this.#cut, { once: true })
    } catch (thrown) {
      if (thrown instanceof NotTogether) {
        this.#giveBack()
        return this.start(from)
      }
      const { path, signal } = this.#about
      const why =
        this.#session === undefined ? thrown : await explained(this.#session, path, thrown, 'file', signal)
      this.#giveBack()
      throw why
    }
  }

  get #expected(): number | undefined {
    return this.#file.size
  }

  /** Whether it became longer while it came. */
  get grew(): boolean {
    return this.#file.grew
  }

  /** Whether it has one of these sessions. */
  isOf(pool: SessionPool): boolean {
    return pool === this.#about.pool && this.#session !== undefined
  }

  async write(): Promise<void> {
    throw new FileError('denied', 'the file is open for reading only')
  }

  stat(): Promise<Entry> {
    return this.#about.stat()
  }

  read(into: Uint8Array, at: number): Promise<number> {
    const turn = this.#turn.then(() => this.#read(into, at))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    await this.#turn
    if (this.#transfer !== undefined) await this.#stop(new Error('not read to its end'))
    this.#end()
  }

  async abort(reason: Error): Promise<void> {
    this.#isGivenUp = true
    this.#goingOn?.abort(reason)
    await this.#stop(reason)
    // A read that was going on meanwhile may have begun the transfer anew.
    await this.#turn
    await this.#stop(reason)
    this.#end()
  }

  #end(): void {
    this.#about.signal?.removeEventListener('abort', this.#cut)
    this.#giveBack()
  }

  async #read(into: Uint8Array, at: number): Promise<number> {
    if (this.#ended && at === this.#position && this.#session === undefined) return 0
    this.#mustRun()
    if (!Number.isSafeInteger(at) || at < 0) throw new FileError('invalid', 'not a place in a file')
    // Some tell in TYPE A what the file has in TYPE I: more may come than that.
    const beyond = this.#about.type === 'I' && this.#expected !== undefined && at > this.#expected
    if (beyond && at !== this.#position) return 0
    if (at !== this.#position) {
      await this.#stop(new Error('another place is wanted'))
      await this.#begin(at)
    }
    let used = 0
    while (used < into.length && !this.#ended) {
      try {
        const count = await this.#take(into.subarray(used))
        used += count
        this.#position += count
      } catch (thrown) {
        await this.#goOn(thrown)
      }
    }
    return used
  }

  /** Some bytes, or the end. */
  async #take(into: Uint8Array): Promise<number> {
    const transfer = this.#transfer
    if (transfer === undefined) throw new Error('no transfer runs')
    const session = this.#mustRun()
    const { clock, silenceMs } = session.house
    session.movedAt = clock.ticks()
    if (this.#pieces.length === 0) {
      const pieces = await patient(clock, silenceMs, transfer.conn.read(), (error) =>
        transfer.conn.destroy(error),
      )
      session.movedAt = clock.ticks()
      if (pieces === undefined) {
        await this.#finish(transfer)
        return 0
      }
      this.#pieces = [...pieces]
    }
    return takeFrom(this.#pieces, into)
  }

  /** The data has ended: what does the server say, and is it all? */
  async #finish(transfer: Transfer): Promise<void> {
    this.#transfer = undefined
    transfer.conn.destroy()
    const last = await this.#lastReply(transfer)
    const arrived = this.#position
    if (last !== undefined && last.code >= 300) {
      throw (this.#isDisownedBy(last) ? notWhole.disowned : notWhole.cut)(
        this.#about.path,
        arrived,
        this.#expected,
        last,
      )
    }
    const isOdd = last !== undefined && arrived !== this.#expected
    if (!isOdd && last !== undefined && this.#isWorthAsking()) await this.#file.end(this.#mustRun(), arrived)
    const size = isOdd ? await this.#file.askAgain(this.#mustRun(), arrived) : this.#expected
    if (this.grew) {
      this.#ended = true
      this.completeness = 'size-only'
      return
    }
    if (this.#from > 0 && size !== undefined && arrived > size) {
      throw notWhole.beyond(this.#about.path, this.#from, arrived, size)
    }
    if (this.#expected !== undefined && arrived < this.#expected) {
      throw notWhole.short(this.#about.path, arrived, this.#expected, last)
    }
    if (last === undefined && arrived !== this.#expected) {
      throw notWhole.short(this.#about.path, arrived, this.#expected, last)
    }
    this.#ended = true
    if (last === undefined) await this.#judgeElsewhere(arrived)
    const same = arrived === this.#expected
    this.completeness = last === undefined ? 'size-only' : same ? 'proven' : 'unproven'
  }

  /** The last word was lost, and with it the session: another one tells whether the file stayed what it was. */
  async #judgeElsewhere(arrived: number): Promise<void> {
    const { pool, signal } = this.#about
    this.#mustRun().control.destroy()
    this.#giveBack()
    try {
      this.#session = await pool.take(signal)
    } catch (thrown) {
      // All is there. That nobody can be asked makes it no less sure than it is.
      if (signal?.aborted === true || !(thrown instanceof InformedError)) throw thrown
      return
    }
    await this.#file.end(this.#session, arrived)
  }

  /** Whether one more question is nothing beside how long it took, or beside all since the last one of its kind. */
  #isWorthAsking(): boolean {
    const { house } = this.#mustRun()
    if (!this.#file.isTold) return false
    const now = house.clock.ticks()
    const isLong = now - this.#begunAt > Math.min(longMs, 5 * this.#beginningMs)
    const since = now - (house.lookedAgainAt ?? -Infinity)
    if (!isLong && (this.#position <= inOneGo || since <= 20 * this.#beginningMs)) return false
    house.lookedAgainAt = now
    return true
  }

  /** Whether all bytes came, and the server says of the file and not of the connection that it did not go well. */
  #isDisownedBy({ code }: Reply): boolean {
    return this.#position === this.#expected && code >= 300 && !ofConnection.has(code)
  }

  /** Data may break behind the last byte because the server wants it to be no file: then it says so. */
  async #refuseDisowned(thrown: unknown): Promise<void> {
    const transfer = this.#transfer
    const isAll = this.#position > 0 && this.#position === this.#expected
    if (!(thrown instanceof NetworkError) || transfer === undefined || !isAll) return
    const last = await this.#lastReply(transfer)
    if (last !== undefined && this.#isDisownedBy(last))
      throw notWhole.disowned(this.#about.path, this.#position, this.#expected, last)
  }

  /** undefined: it was lost. */
  async #lastReply(transfer: Transfer): Promise<Reply | undefined> {
    try {
      return await transfer.ended()
    } catch (thrown) {
      if (thrown instanceof NetworkError) return undefined
      throw thrown
    }
  }

  /** A transfer that broke goes on where it stopped, over a new connection. */
  async #goOn(thrown: unknown): Promise<void> {
    const passing =
      thrown instanceof NetworkError || (thrown instanceof IncompleteError && thrown.facts.retryable === true)
    const { signal, path } = this.#about
    if (!passing || wantsAnew(thrown) || signal?.aborted === true) throw thrown
    await this.#refuseDisowned(thrown)
    const told =
      thrown instanceof NetworkError ? notWhole.broken(path, this.#position, this.#expected, thrown) : thrown
    if (this.#isGivenUp || !this.#canRestart()) throw told
    if (this.#left <= 0) throw this.#about.retries > 0 ? triedOut(told) : told
    const session = this.#mustRun()
    const { clock, said } = session.house
    this.#left -= 1
    said('note', `${path} broke after ${this.#position} bytes, going on there (${asError(thrown).message})`)
    this.#transfer?.conn.destroy()
    this.#transfer = undefined
    this.#pieces = []
    session.control.destroy()
    this.#giveBack()
    const waitMs = Math.min(10_000, 200 * 2 ** (this.#about.retries - this.#left - 1))
    this.#goingOn = new AbortController()
    const until = AbortSignal.any([this.#goingOn.signal, ...(signal === undefined ? [] : [signal])])
    try {
      await pause(clock, waitMs, until)
      if (!(await this.#beginAgain(until))) throw told
    } catch (again) {
      // The first trouble is the one to tell, unless the file itself is another now.
      throw again instanceof IncompleteError ? again : told
    }
  }

  /** false: nobody tells whether it is still the same file. */
  async #beginAgain(until: AbortSignal): Promise<boolean> {
    this.#session = await this.#about.pool.take(until)
    try {
      if (!(await this.#file.goOn(this.#session, this.#position))) return false
      await this.#begin(this.#position)
      return true
    } catch (thrown) {
      if (!(thrown instanceof NotTogether)) throw thrown
      this.#giveBack()
      return this.#beginAgain(until)
    }
  }

  /** Where the first part may be of another file than the rest, nothing can be pieced together. */
  #canRestart(): boolean {
    if (this.#position === 0) return true
    const { type } = this.#about
    // Behind the end that the server tells there is nothing that could be gone on with.
    const isWithin = this.#expected !== undefined && this.#position <= this.#expected
    return type === 'I' && isWithin && this.#session?.can('REST') === true
  }

  async #begin(from: number): Promise<void> {
    const session = this.#mustRun()
    const { path, signal, type } = this.#about
    this.#ended = false
    this.#pieces = []
    this.#position = from
    this.#from = from
    await session.type(type)
    if (from > 0 && from === this.#expected) {
      this.#ended = true
      return
    }
    const command = {
      line: `RETR ${path}`,
      restart: from,
      path,
      together: from === 0,
      harmless: true,
      doing: `download ${path}`,
    }
    const { clock } = session.house
    const asked = clock.ticks()
    this.#transfer = await beginTransfer(session, command, signal)
    this.#begunAt = clock.ticks()
    this.#beginningMs = this.#begunAt - asked
  }

  async #stop(reason: Error): Promise<void> {
    const transfer = this.#transfer
    this.#transfer = undefined
    this.#pieces = []
    if (transfer !== undefined && this.#session !== undefined) {
      await stopTransfer(this.#session, transfer, reason)
    }
  }

  #mustRun(): FtpSession {
    if (this.#session === undefined) throw new FileError('invalid', 'the file is closed')
    return this.#session
  }

  readonly #cut = (): void => this.#transfer?.conn.destroy(new NetworkError('aborted', 'stopped'))

  #giveBack(): void {
    const session = this.#session
    this.#session = undefined
    if (session !== undefined) this.#about.pool.give(session)
  }
}

/** What only says that a connection broke: all bytes may have come before. */
const ofConnection: ReadonlySet<number> = new Set([421, 425, 426])

/** A transfer that takes longer is long wherever the server is. */
const longMs = 2000

/** So much most servers read at once: nobody writes in between. */
const inOneGo = 64 * 1024

function takeFrom(pieces: Uint8Array[], into: Uint8Array): number {
  let used = 0
  while (used < into.length) {
    const [first] = pieces
    if (first === undefined) break
    const count = Math.min(first.length, into.length - used)
    into.set(count === first.length ? first : first.subarray(0, count), used)
    if (count === first.length) pieces.shift()
    else pieces[0] = first.subarray(count)
    used += count
  }
  return used
}
