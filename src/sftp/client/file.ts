import type { Block } from '../../core/blocks.ts'
import { asError, FileError, IncompleteError, NetworkError } from '../../core/error.ts'
import { nameOf, type Path } from '../../core/path.ts'
import type { Completeness, RemoteFile } from '../../core/remote.ts'
import type { Entry, Opening } from '../../core/store.ts'
import { hasGrown, isTorn, tornError } from '../../core/torn.ts'
import type { Attributes } from '../wire/attributes.ts'
import { modeAndTimes } from './change.ts'
import { takeAttributes, takeData, takeHandle, takeLent, takeOk } from './answers.ts'
import { entryOf } from './entry-of.ts'
import { ReadAhead } from './read-ahead.ts'
import type { SftpServer } from './server.ts'
import { WriteBehind, type WriteOnce } from './write-behind.ts'
import { openFlags } from '../wire/request.ts'

/** The file, open in one more session. */
interface Lane {
  readonly server: SftpServer
  readonly handle: string
}

/** Each look takes a round trip, in which a window full is written. */
const mostLooks = 4

/** A file that is open on the server. */
export class SftpFile implements RemoteFile {
  readonly #server: SftpServer
  readonly #path: Path
  readonly #handle: string
  readonly #how: Opening
  readonly #signal: AbortSignal | undefined
  readonly #ahead: ReadAhead
  readonly #behind: WriteBehind
  readonly #lanes: Lane[] = []
  #completeness: Completeness = 'unproven'
  #kept = false
  #grew = false
  #ended = false
  /** How far reads came from the beginning without a gap, and whether that was the end. */
  #whole = 0
  #reachedEnd = false
  /** What it was when its reading began, where one answer does not bring all of it. */
  #before: Promise<Entry | undefined> | undefined
  /** Where a read met its end. */
  #endAt: number | undefined

  constructor(server: SftpServer, path: Path, handle: string, how: Opening, signal?: AbortSignal) {
    this.#server = server
    this.#path = path
    this.#handle = handle
    this.#how = how
    this.#signal = signal
    this.#ahead = new ReadAhead({
      link: server.link,
      most: server.mostRead,
      once: (into, at) => this.#readOnce(into, at),
      lend: (length, at) => this.#lendOnce(length, at),
      likely: how.expected,
    })
    const alone = how.write !== true || how.read === true || how.append === true
    this.#behind = new WriteBehind({
      link: server.link,
      most: server.mostWrite,
      once: this.#writesBy({ server, handle }),
      more: alone ? undefined : () => this.#moreLanes(),
    })
  }

  get completeness(): Completeness {
    return this.#completeness
  }

  get kept(): boolean {
    return this.#kept
  }

  get sure(): number {
    return Math.max(this.#how.from ?? 0, this.#behind.sure)
  }

  get grew(): boolean {
    return this.#grew
  }

  async stat(): Promise<Entry> {
    this.#mustBeOpen()
    await this.#behind.settled()
    return entryOf(nameOf(this.#path), await this.#attributes())
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    this.#mustBeOpen()
    if (this.#how.read !== true) throw new FileError('denied', 'the file is not open for reading')
    mustBePosition(at)
    await this.#behind.settled()
    if (this.#how.write !== true && (this.#how.expected ?? Infinity) > this.#server.mostRead)
      this.#before ??= this.#look()
    const count = await this.#ahead.read(into, at).catch((thrown: unknown) => {
      throw this.#cutOff(thrown, at, this.#how.expected)
    })
    if (count < into.length) this.#endAt = at + count
    if (at <= this.#whole && at + count > this.#whole) this.#whole = at + count
    if (count < into.length && at <= this.#whole) this.#reachedEnd = true
    return count
  }

  async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    this.#mustBeOpen()
    if (this.#how.write !== true) throw new FileError('denied', 'the file is not open for writing')
    mustBePosition(at)
    this.#ahead.forget()
    await this.#behind.write(pieces, at).catch((thrown: unknown) => {
      throw this.#cutOff(thrown, this.#behind.sure, undefined)
    })
  }

  async sync(): Promise<void> {
    await this.#behind.settled()
    await this.#server.extended(
      'fsync@openssh.com',
      { handle: this.#handle },
      takeOk(this.#path),
      this.#signal,
    )
  }

  /** Complete is what the server closed well, and has as many bytes of as we know of. */
  async close(): Promise<void> {
    this.#mustBeOpen()
    try {
      await this.#close()
    } catch (thrown) {
      if (this.#how.write !== true) throw this.#cutOff(thrown, this.#whole, this.#how.expected)
      throw this.#cutOff(thrown, this.#behind.sure, undefined)
    }
  }

  async #close(): Promise<void> {
    this.#ahead.forget()
    await this.#behind.settled()
    await this.#closeLanes()
    // All at once: the answers come in one round trip.
    const keeping = this.#keep()
    const attributes = this.#attributes().catch((thrown: unknown) => asError(thrown))
    this.#ended = true
    const closing = this.#closeHandle(this.#signal)
    const looking = this.#lookWhatWasKept()
    await closing
    await keeping
    this.#kept = await looking
    const told = await attributes
    const after = told instanceof Error ? undefined : told
    if (this.#how.write === true) this.#judgeUpload(after?.size)
    else await this.#judgeDownload(after)
  }

  /** Only servers of ours can be told that a file is not complete; to all others it is closed, and what arrived remains. */
  async abort(_reason: Error): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#ahead.forget()
    await this.#behind.over()
    await this.#closeLanes()
    if (this.#server.link.failure !== undefined) return
    if (this.#server.has('abort-handle@ferry')) {
      await this.#server.extended('abort-handle@ferry', { handle: this.#handle }, takeOk(this.#path))
    } else await this.#closeHandle()
  }

  /** A file that is written over while it is read gives some of both. Its time is in seconds, so not all of that is seen. */
  async #judgeDownload(attributes: Attributes | undefined): Promise<void> {
    if (attributes === undefined || this.#endAt === undefined) return
    const before = await this.#before
    const after = entryOf(nameOf(this.#path), attributes)
    if (before !== undefined && isTorn(before, after)) throw tornError(after, this.#endAt)
    this.#grew = before !== undefined && hasGrown(before, after)
    if (this.#reachedEnd && attributes.size === this.#whole) this.#completeness = 'proven'
  }

  /** The connection broke in the middle: what came is not the file. */
  #cutOff(thrown: unknown, arrived: number, expected: number | undefined): unknown {
    if (!(thrown instanceof NetworkError) || thrown.facts.retryable !== true) return thrown
    const way = this.#how.write === true ? 'arrived' : 'came'
    const came = expected === undefined ? `${arrived} bytes ${way}` : `${arrived} of ${expected} bytes ${way}`
    return new IncompleteError(
      `${this.#path} is not whole: ${came}, then ${thrown.message}`,
      arrived,
      expected,
      {
        cause: thrown,
        facts: { ...thrown.facts, path: this.#path, phase: 'data' },
      },
    )
  }

  #judgeUpload(size: number | undefined): void {
    const { end } = this.#behind
    if (size === undefined) return
    if (size < end) {
      throw new IncompleteError('the server has less of the file than was written', size, end, {
        facts: { path: this.#path, phase: 'end', retryable: true, connectionUsable: true },
      })
    }
    // A server that does not cut what it was told to cut leaves the end of the old file behind the new one.
    if (this.#how.truncate === true && size > Math.max(end, this.#how.from ?? 0)) {
      throw new FileError('failed', 'the server kept bytes of the file that was there before', {
        facts: { path: this.#path, phase: 'end', retryable: false, connectionUsable: true },
      })
    }
    this.#completeness = 'proven'
  }

  /** Gives the file its mode and time while it is still open. What the server thinks of that is seen by looking. */
  async #keep(): Promise<void> {
    try {
      if (!this.#keepsSomething) return
      const attributes = modeAndTimes(this.#how.keeps ?? {})
      await this.#server.ask(
        'fsetstat',
        { handle: this.#handle, attributes },
        takeOk(this.#path),
        this.#signal,
      )
    } catch {
      // Who asked for it sees that it is not so, tries by the name, and hears what is wrong with that.
    }
  }

  /** Whether the file has them when it is closed: some servers give it the time of its end. */
  async #lookWhatWasKept(): Promise<boolean> {
    if (!this.#keepsSomething) return false
    try {
      const wanted = modeAndTimes(this.#how.keeps ?? {})
      const { mode, times } = await this.#server.ask(
        'stat',
        { path: this.#path },
        takeAttributes(this.#path),
        this.#signal,
      )
      const hasMode = wanted.mode === undefined || (mode !== undefined && (mode & 0o777) === wanted.mode)
      return hasMode && (wanted.times === undefined || wanted.times.modified === times?.modified)
    } catch {
      return false
    }
  }

  get #keepsSomething(): boolean {
    const { write, keeps } = this.#how
    return write === true && (keeps?.mode !== undefined || keeps?.modified !== undefined)
  }

  #attributes(): Promise<Attributes> {
    return this.#server.ask('fstat', { handle: this.#handle }, takeAttributes(this.#path), this.#signal)
  }

  /** undefined: the server does not tell. */
  async #look(): Promise<Entry | undefined> {
    try {
      return entryOf(nameOf(this.#path), await this.#attributes())
    } catch {
      return undefined // The reads that follow meet the same trouble, if it is one.
    }
  }

  #readOnce(into: Uint8Array, offset: number): Promise<number> {
    const asked = { handle: this.#handle, offset, length: into.length }
    return this.#server.ask('read', asked, takeData(this.#path, into), this.#signal)
  }

  #lendOnce(length: number, offset: number): Promise<Block> {
    const asked = { handle: this.#handle, offset, length }
    return this.#server.ask('read', asked, takeLent(this.#path, length), this.#signal)
  }

  #writesBy({ server, handle }: Lane): WriteOnce {
    return (data, offset, sent) =>
      server.ask('write', { handle, offset, data }, takeOk(this.#path), this.#signal, sent)
  }

  /** The same file by other sessions of the connection, as far as they get it. */
  async #moreLanes(): Promise<readonly WriteOnce[]> {
    const siblings = (await this.#server.siblings?.all()) ?? []
    const opened = await Promise.allSettled(siblings.map((server) => this.#openLane(server)))
    for (const one of opened)
      if (one.status === 'fulfilled' && one.value !== undefined) this.#lanes.push(one.value)
    return this.#lanes.map((lane) => this.#writesBy(lane))
  }

  /** undefined: by that name the other session sees another file, as a server shows it that hides uploads until they are whole. */
  async #openLane(server: SftpServer): Promise<Lane | undefined> {
    const path = this.#path
    const handle = await server.ask(
      'open',
      { path, flags: openFlags.write, attributes: {} },
      takeHandle(path),
    )
    // What is written by the first session must show here: another file would not grow meanwhile.
    const size = async (): Promise<number> =>
      (await server.ask('fstat', { handle }, takeAttributes(path))).size ?? 0
    const first = await size()
    for (let looks = 0; looks < mostLooks; looks += 1) if ((await size()) > first) return { server, handle }
    await server.ask('close', { handle }, takeOk(path))
    return undefined
  }

  async #closeLanes(): Promise<void> {
    const closing = this.#lanes.splice(0).map(({ server, handle }) => {
      return server.ask('close', { handle }, takeOk(this.#path))
    })
    await Promise.allSettled(closing)
  }

  #closeHandle(signal?: AbortSignal): Promise<void> {
    return this.#server.ask('close', { handle: this.#handle }, takeOk(this.#path), signal)
  }

  #mustBeOpen(): void {
    if (this.#ended) throw new FileError('invalid', 'the file is closed')
  }
}

function mustBePosition(at: number): void {
  if (!Number.isSafeInteger(at) || at < 0) throw new FileError('invalid', 'not a position in a file')
}
