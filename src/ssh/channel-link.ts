import { NetworkError, ProtocolError } from '../core/error.ts'
import type { Peer } from '../core/network.ts'
import type { Channel } from './channel.ts'
import { free } from './packet/free.ts'
import type { Transport } from './transport.ts'
import {
  dataHead,
  formatBare,
  formatChannelRequest,
  formatWindowAdjust,
  type Terms,
} from './wire/channel-messages.ts'
import { message } from './wire/message.ts'
import { printable } from './wire/transport-messages.ts'
import { writeUint32 } from './wire/writer.ts'

/** How much the other side may send before somebody reads, unless the way is long: two megabytes are 50 ms at 40 MB/s. */
export const windowSize = 2 * 1024 * 1024

/** The most that one message carries: twice what OpenSSH takes, as a packet costs node:crypto as much as 25 to 45 KiB of its bytes do. */
export const mostData = 65_536

/** Below this the other side is not told that there is room again, as each word of it is a packet. */
const worthTelling = 256 * 1024

/** How much of what a program says on stderr is kept, to explain its end. */
const mostComplaint = 4096

/**
 * So many pieces that wait are made one, where they are as small as that together: each takes memory beside its bytes, and a
 * window of them one by one took a hundred times the window.
 */
const mostLoose = 256
const looseBytes = 32 * 1024

interface Written {
  readonly pieces: readonly Uint8Array[]
  at: number
  offset: number
  resolve(): void
  reject(reason: Error): void
}

export interface ChannelParts {
  readonly transport: Transport
  readonly local: Peer
  readonly remote: Peer
  readonly id: number
  /** Both sides have closed it: its number is free again. */
  readonly gone: (link: ChannelLink) => void
}

/** One channel, on either side. */
export class ChannelLink implements Channel {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = true
  readonly id: number
  readonly #transport: Transport
  readonly #gone: (link: ChannelLink) => void
  #theirs: Terms | undefined
  // What comes in.
  #pieces: Uint8Array[] = []
  /** How many of them have been looked at for being small. */
  #tight = 0
  /** What the last read has given. */
  #lent: readonly Uint8Array[] = []
  #allowed = windowSize
  #granted = windowSize
  #owed = 0
  #waiting:
    | { resolve(pieces: readonly Uint8Array[] | undefined): void; reject(reason: Error): void }
    | undefined
  #finished = false
  // What goes out.
  #window = 0
  readonly #written: Written[] = []
  readonly #head = new Uint8Array(dataHead)
  #ending = false
  #saidEnd = false
  #saidClose = false
  #heardClose = false
  #failure: NetworkError | undefined
  readonly #asked: ((yes: boolean) => void)[] = []
  /** How the program at the other end ended, if it said so. */
  exitStatus: number | undefined
  /** Whether a close without an end is a cut, as of a connection that is carried; programs may end so too. */
  endsMatter = false
  /** What it said on stderr. */
  complaint = ''

  constructor({ transport, local, remote, id, gone }: ChannelParts) {
    this.#transport = transport
    this.local = local
    this.remote = remote
    this.id = id
    this.#gone = gone
    this.#head[0] = message.channelData
  }

  /** What we grant. */
  get terms(): Terms {
    return { id: this.id, window: windowSize, most: mostData }
  }

  /** The other side has agreed, or asked for it. */
  opened(theirs: Terms): void {
    if (theirs.most < 256) throw new ProtocolError('a channel that takes nothing')
    this.#theirs = theirs
    this.#window = theirs.window
    writeUint32(this.#head, 1, theirs.id)
  }

  get isOpen(): boolean {
    return this.#theirs !== undefined
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(new Error('one read at a time'))
    for (const piece of this.#lent) free(piece)
    this.#lent = []
    if (this.#pieces.length > 0) return Promise.resolve(this.#hand())
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#finished) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.writeAll([bytes])
  }

  writeAll(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#ending) return Promise.reject(closed())
    const written: Written = { pieces, at: 0, offset: 0, resolve: nothing, reject: nothing }
    if (this.#written.length === 0 && this.#send(written)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      written.resolve = resolve
      written.reject = reject
      this.#written.push(written)
    })
  }

  stir(): void {
    this.#transport.stir()
  }

  widen(window: number): void {
    const more = window - this.#allowed
    if (more <= 0 || this.#finished || this.#saidClose || this.#failure !== undefined) return
    this.#allowed = window
    this.#granted += more
    this.#transport.send(formatWindowAdjust(this.#theirId, more))
  }

  async end(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#ending) return
    // Behind all that waits to be written.
    if (this.#written.length > 0) await this.writeAll([])
    this.#ending = true
    this.#sayEnd()
  }

  destroy(reason?: Error): void {
    // An end, where nothing was cut off: who is told a close alone takes it for a cut.
    if (reason === undefined && this.#written.length === 0) this.#sayEnd()
    this.fail(new NetworkError('aborted', reason?.message ?? 'the channel is closed', { cause: reason }))
    this.#pieces = []
    this.#sayClose()
  }

  /** Asks the other side for something on this channel; whether it agreed. */
  request(name: string, more?: Uint8Array): Promise<boolean> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    this.#transport.send(formatChannelRequest(this.#theirId, name, true, more))
    return new Promise((resolve) => this.#asked.push(resolve))
  }

  /** Tells the other side something on this channel. */
  tell(name: string, more?: Uint8Array): void {
    if (!this.#saidClose) this.#transport.send(formatChannelRequest(this.#theirId, name, false, more))
  }

  /** Answers a request of the other side's. */
  answer(yes: boolean): void {
    if (this.#saidClose) return
    this.#transport.send(formatBare(yes ? message.channelSuccess : message.channelFailure, this.#theirId))
  }

  /** Data has come. */
  takeData(bytes: Uint8Array): void {
    this.#mustBeGranted(bytes.length)
    if (bytes.length === 0) return
    if (this.#failure !== undefined || this.#heardClose) {
      // Nobody reads any more; the window may run out.
      return
    }
    this.#pieces.push(bytes)
    if (this.#waiting === undefined) return this.#tighten()
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting.resolve(this.#hand())
  }

  /** Data for stderr has come. */
  takeExtended(bytes: Uint8Array): void {
    this.#mustBeGranted(bytes.length)
    this.#consumed(bytes.length)
    if (this.complaint.length < mostComplaint) this.complaint += printable(Buffer.from(bytes).toString())
  }

  takeWindow(bytes: number): void {
    this.#window += bytes
    if (this.#window > 0xffff_ffff) throw new ProtocolError('a window larger than there are numbers')
    this.pump()
  }

  /** A second end says nothing new, and rclone says it when it closes a session while its input ends (RFC 4254 §5.3). */
  takeEof(): void {
    if (!this.#finished) this.#finish()
  }

  takeClose(): void {
    this.#heardClose = true
    if (!this.#finished && this.endsMatter) this.fail(new NetworkError('reset', 'the connection was cut'))
    if (!this.#finished) this.#finish()
    for (const written of this.#written.splice(0)) written.reject(closed())
    this.#ending = true
    for (const answer of this.#asked.splice(0)) answer(false)
    this.#sayClose()
    this.#gone(this)
  }

  takeAnswer(yes: boolean): void {
    const answer = this.#asked.shift()
    if (answer === undefined) throw new ProtocolError('an answer to nothing')
    answer(yes)
  }

  /** Sends what waits, as far as there is room. */
  pump(): void {
    for (let first = this.#written[0]; first !== undefined; first = this.#written[0]) {
      if (!this.#send(first)) return
      this.#written.shift()
      first.resolve()
    }
  }

  /** The channel, or the connection below it, is over. */
  fail(reason: NetworkError): void {
    if (this.#failure !== undefined) return
    this.#failure = reason
    this.#waiting?.reject(reason)
    this.#waiting = undefined
    for (const written of this.#written.splice(0)) written.reject(reason)
    for (const answer of this.#asked.splice(0)) answer(false)
  }

  get #theirId(): number {
    if (this.#theirs === undefined) throw new Error('the channel is not open yet')
    return this.#theirs.id
  }

  /** Sends as much as fits; whether that is all. */
  #send(written: Written): boolean {
    const { pieces } = written
    for (;;) {
      while (written.at < pieces.length && written.offset >= (pieces[written.at]?.length ?? 0)) {
        written.at += 1
        written.offset = 0
      }
      if (written.at >= pieces.length) return true
      if (this.#window === 0 || !this.#transport.ready) return false
      this.#sendOne(written, Math.min(this.#window, this.#theirs?.most ?? 0, mostData))
    }
  }

  /** One message of at most so many bytes, out of as many pieces as fit. */
  #sendOne(written: Written, most: number): void {
    const parts: Uint8Array[] = [this.#head]
    let size = 0
    while (size < most) {
      const piece = written.pieces[written.at]
      if (piece === undefined) break
      const part = piece.subarray(written.offset, written.offset + most - size)
      parts.push(part)
      size += part.length
      written.offset += part.length
      if (written.offset < piece.length) break
      written.at += 1
      written.offset = 0
    }
    writeUint32(this.#head, 5, size)
    this.#window -= size
    this.#transport.send(...parts)
  }

  #tighten(): void {
    if (this.#pieces.length - this.#tight < mostLoose) return
    const loose = this.#pieces.splice(this.#tight)
    const size = loose.reduce((sum, { length }) => sum + length, 0)
    if (size > looseBytes) this.#pieces.push(...loose)
    else this.#pieces.push(Buffer.concat(loose))
    this.#tight = this.#pieces.length
  }

  #hand(): readonly Uint8Array[] {
    const pieces = this.#pieces
    this.#lent = pieces
    this.#pieces = []
    this.#tight = 0
    let size = 0
    for (const piece of pieces) size += piece.length
    this.#consumed(size)
    return pieces
  }

  /** Somebody has read so much: the other side may send as much again. */
  #consumed(size: number): void {
    this.#owed += size
    if (this.#owed < worthTelling || this.#finished || this.#saidClose) return
    this.#transport.send(formatWindowAdjust(this.#theirId, this.#owed))
    this.#granted += this.#owed
    this.#owed = 0
  }

  #mustBeGranted(size: number): void {
    if (this.#finished) throw new ProtocolError('data behind the end of a channel')
    if (size > mostData) throw new ProtocolError('more data in a message than was agreed on')
    this.#granted -= size
    if (this.#granted < 0) throw new ProtocolError('more data than the window holds')
  }

  #finish(): void {
    this.#finished = true
    this.#waiting?.resolve(undefined)
    this.#waiting = undefined
  }

  #sayEnd(): void {
    if (this.#saidEnd || this.#saidClose || !this.isOpen) return
    this.#saidEnd = true
    this.#transport.send(formatBare(message.channelEof, this.#theirId))
  }

  #sayClose(): void {
    if (this.#saidClose || !this.isOpen) return
    this.#saidClose = true
    this.#transport.send(formatBare(message.channelClose, this.#theirId))
  }
}

function nothing(): void {
  // Nobody waits for a write that is done at once.
}

function closed(): NetworkError {
  return new NetworkError('closed', 'the channel is closed')
}
