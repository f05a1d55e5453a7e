import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import { canonicalAddress } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, Peer } from '../core/network.ts'
import { lentSocket } from './lent-socket.ts'
import { lendToTls } from './lent-tls.ts'
import { networkError } from './network-error.ts'
import type { ReadRing } from './read-ring.ts'
import { fitRing, giveRing, takeRing } from './rings.ts'
import { takeBack } from './take-back.ts'

/**
 * How much may wait to be taken; then the socket is read no further. It begins small, as thousands of sessions have
 * little to say, and doubles whenever all of it was full: measured with an upload to a disk, a megabyte takes a quarter
 * less CPU than 256 KiB, and more than two are slower again.
 */
const firstWaiting = 128 * 1024
const mostWaiting = 1024 * 1024

/** So much TLS may still give once it was told to pause. */
const mostUnderway = 256 * 1024

/**
 * Node reads so much at once, and of TLS so much is in a record (RFC 8446 §5.1). A piece of it means that more was there, and so
 * many bytes in such pieces that much comes.
 */
const nodesPiece = 64 * 1024
const fullRecord = 16 * 1024
const much = 128 * 1024

const none: readonly Uint8Array[] = []

/** What is special about a socket. */
export interface SocketMore {
  /** Its own end, where that is known. */
  readonly local?: Peer
  /** How to cut it, where TLS lies over another socket. */
  readonly reset?: () => void
  /** What its errors mean. */
  readonly inWords?: typeof networkError
  /** The other end, where that is known. To ask the system for each end is a call. */
  readonly remote?: Peer
  /** Whether it may be read into memory of ours once much has come; nobody may ask for the socket then. */
  readonly lends?: boolean
  /** Whether its own end is asked for seldom, and while it is open. */
  readonly isPassing?: boolean
}

interface Waiting {
  resolve(pieces: readonly Uint8Array[] | undefined): void
  reject(reason: Error): void
}

/** For all writes that were taken at once. */
const done = Promise.resolve()
const nothing = new Uint8Array(0)

/**
 * A socket as a Conn. Its listeners are shared functions and it makes no closure until something is read or written:
 * thousands of idle sessions are mostly this object and its socket.
 */
export class SocketConn implements Conn {
  readonly remote: Peer
  readonly secure = false
  #local: Peer | undefined
  #socket: Socket
  readonly #reset: (() => void) | undefined
  readonly #inWords: (thrown: unknown) => NetworkError
  readonly #lends: boolean
  #pieces: Uint8Array[] = []
  #size = 0
  #room = firstWaiting
  /** What the last read has given. */
  #lent = none
  /** How many bytes came in pieces as long as they can be. */
  #full = 0
  #ring: ReadRing | undefined
  /** Whether the ring was full. */
  #held = false
  #waiting: Waiting | undefined
  /** Whether it is about to be answered, with all that this turn brings. */
  #answers = false
  #finished = false
  #ending: Promise<void> | undefined
  /** How many writes wait until the system has taken them. */
  #writing = 0
  /** Made when somebody asks: most connections end and nobody does, and an error costs as much as a few system calls. */
  #failed: (() => NetworkError) | undefined
  #gone = false

  /** The socket must be paused, and nobody else may listen to it. */
  constructor(socket: Socket, more: SocketMore = {}) {
    this.#socket = socket
    this.#reset = more.reset
    this.#lends = more.lends ?? false
    this.#inWords = more.inWords ?? networkError
    this.#local =
      more.local ?? (more.isPassing === true ? undefined : peer(socket.localAddress, socket.localPort))
    this.remote = more.remote ?? peer(socket.remoteAddress, socket.remotePort)
    conns.set(socket, this)
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('error', onError)
    socket.on('close', onClose)
    socket.pause() // a data listener would have set it flowing
  }

  get local(): Peer {
    return (this.#local ??= peer(this.#socket.localAddress, this.#socket.localPort))
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(new Error('one read at a time'))
    takeBack(this.#lent)
    this.#lent = none
    this.#ring?.takeBack()
    if (this.#lends && this.#full >= much && this.#ring === undefined) this.#readIntoRing()
    if (this.#hasCome) return Promise.resolve(this.#take())
    // An end that was seen stays one, whatever breaks later; but of what is left nothing can be read.
    if (this.#finished && !this.#gone) return Promise.resolve(this.#end())
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#goOn()
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    // A socket that is written to behind its end would destroy itself, and what the peer still has to say with it.
    if (this.#ending !== undefined) return Promise.reject(this.#failure ?? closed())
    if (this.#failed !== undefined) return Promise.reject(this.#failed())
    const socket = this.#socket
    if (this.#isTls) return this.#taken((done) => socket.write(bytes, done))
    // Who asks to be told costs a turn, and an error with its stack where the socket is closed before that.
    socket.write(bytes)
    // Mostly the system has taken all by now. What has it not waits in the socket, and this behind it.
    return this.#tookAll ? done : this.#taken((done) => socket.write(nothing, done))
  }

  end(): Promise<void> {
    if (this.#gone && this.#failure !== undefined) return Promise.reject(this.#failure)
    this.#ending ??= this.#sayEnd()
    return this.#ending
  }

  destroy(reason?: Error): void {
    if (this.#gone) return
    this.#gone = true
    this.#pieces = []
    this.#size = 0
    this.#failed = () =>
      new NetworkError('aborted', reason?.message ?? 'the connection is closed', { cause: reason })
    this.#giveUp()
    if (reason === undefined) this.#socket.destroy()
    else this.#cut()
  }

  /** Gives the socket away, paused and with what has arrived in it; this end is over then. */
  release(): Socket {
    if (this.#waiting !== undefined || this.#ring !== undefined) throw new Error('it is being read')
    if (this.#failure !== undefined) throw this.#failure
    const socket = this.#socket
    conns.delete(socket)
    socket.pause().off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    if (this.#finished) {
      socket.destroy()
      this.#failed = closed
      throw closed()
    }
    for (const piece of this.#pieces.toReversed()) socket.unshift(piece)
    this.#pieces = []
    this.#size = 0
    this.#gone = true
    this.#failed = closed
    return socket
  }

  /** For the shared listeners: a piece has come. */
  arrived(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#size += piece.length
    if (piece.length === (this.#isTls ? fullRecord : nodesPiece)) this.#full += piece.length
    if (this.#waiting !== undefined) this.#answer()
    else if (this.#size >= this.#room) this.#socket.pause()
  }

  /** For the shared listeners: the peer will send nothing more. */
  finished(): void {
    // Behind an alert TLS tells an end too, and the alert is what the peer has said.
    if (this.#failed !== undefined) return
    this.#finished = true
    this.#answer()
  }

  /** For the shared listeners: it broke. */
  broke(error: Error): void {
    this.#failed ??= () => this.#inWords(error)
    this.#giveUp()
  }

  /** For the shared listeners: it is closed for good. */
  isClosed(): void {
    this.#failed ??= closed
    this.#giveUp()
  }

  get #failure(): NetworkError | undefined {
    return this.#failed?.()
  }

  #giveUp(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined && this.#failed !== undefined) waiting.reject(this.#failed())
  }

  #taken(hand: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#writing += 1
      hand((error) => {
        this.#writing -= 1
        if (error) reject(this.#failure ?? this.#inWords(error))
        else resolve()
      })
    })
  }

  /** Behind what the system has it says the end also of a socket that is closed before its turn comes: that need not be waited for. */
  #sayEnd(): Promise<void> {
    const socket = this.#socket
    if (this.#isTls || this.#failed !== undefined || !this.#tookAll)
      return this.#taken((done) => socket.end(done))
    socket.end()
    return done
  }

  get #isTls(): boolean {
    return this.#reset !== undefined
  }

  /** Whether the system has all that was written. */
  get #tookAll(): boolean {
    const { writableLength, errored, destroyed } = this.#socket
    return writableLength === 0 && errored === null && !destroyed
  }

  /** libuv refuses to reset a socket while it shuts down, and then would never close it: there the reset comes just behind. */
  #cut(): void {
    const socket = this.#socket
    const shutsDown = socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished
    const reset = this.#reset ?? (() => socket.resetAndDestroy())
    if (shutsDown) socket.once('finish', reset)
    else reset()
  }

  get #hasCome(): boolean {
    return this.#size > 0 || (this.#ring?.waiting ?? 0) > 0
  }

  #take(): readonly Uint8Array[] {
    const pieces = this.#size > 0 ? this.#takePieces() : (this.#ring?.lend() ?? none)
    this.#goOn()
    return pieces
  }

  #takePieces(): readonly Uint8Array[] {
    const pieces = this.#pieces
    const full = this.#size >= this.#room
    this.#pieces = []
    this.#size = 0
    this.#lent = pieces
    if (full && this.#room < mostWaiting) this.#room *= 2
    else if (full && this.#lends && this.#ring === undefined) this.#readIntoRing()
    return pieces
  }

  /** Reads on where that has stopped and there is room again. */
  #goOn(): void {
    if (this.#finished) return
    if (this.#ring === undefined) {
      if (this.#socket.isPaused()) this.#socket.resume()
    } else if (this.#held && (this.#isTls ? this.#ring.hasRoomFor(mostUnderway) : this.#ring.hasRoom)) {
      this.#held = false
      this.#socket.resume()
    }
  }

  /** Much comes: from here on it comes into memory that is used again and again. Not while the old socket has something to send. */
  #readIntoRing(): void {
    if (this.#finished) return
    const writes = this.#writing > 0 || this.#ending !== undefined || !this.#tookAll
    if (writes && !this.#isTls) return
    const ring = takeRing(this.#isTls ? 'decrypted' : 'plain')
    if (ring === undefined) return
    const old = this.#socket
    old.off('data', onData)
    for (let piece = old.read() as Buffer | null; piece !== null; piece = old.read() as Buffer | null) {
      this.#pieces.push(piece)
      this.#size += piece.length
    }
    if (this.#isTls ? this.#decryptInto(ring) : this.#exchange(ring)) this.#ring = ring
    else {
      // This Node never will.
      this.#full = -Infinity
      old.on('data', onData)
      giveRing(ring)
    }
  }

  #exchange(ring: ReadRing): boolean {
    const lent = lentSocket(this.#socket, ring, () => this.#filled(ring))
    if (lent === undefined) return false
    // The old one may still have its end to tell.
    conns.set(lent, this)
    lent.on('end', onEnd).on('error', onError).on('close', onClose).resume()
    this.#socket = lent
    return true
  }

  #decryptInto(ring: ReadRing): boolean {
    const socket = this.#socket
    return lendToTls(socket, ring, () => {
      if (this.#gone) return
      if (this.#waiting !== undefined) this.#answerSoon()
      // What TLS has been given is decrypted all the same.
      this.#held = !ring.hasRoomFor(mostUnderway)
      if (this.#held) socket.pause()
    })
  }

  /** Whether another read may come behind this one. */
  #filled(ring: ReadRing): boolean {
    if (this.#gone) return false
    fitRing(ring)
    if (this.#waiting !== undefined) this.#answer()
    this.#held = !ring.hasRoom
    return ring.hasRoom
  }

  /** Records come one by one, and many in a turn: who writes them to a disk wants them together. */
  #answerSoon(): void {
    if (this.#answers) return
    this.#answers = true
    setImmediate(() => {
      this.#answers = false
      if (this.#hasCome) this.#answer()
    })
  }

  #answer(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(this.#hasCome ? this.#take() : this.#end())
  }

  /** Only here nothing reads into the ring any more, and nobody has anything of it. */
  #end(): undefined {
    if (this.#ring !== undefined) giveRing(this.#ring)
    this.#ring = undefined
  }
}

function peer(address = '', port = 0): Peer {
  return { address: canonicalAddress(address), port }
}

const conns = new WeakMap<Socket, SocketConn>()

function onData(this: Socket, piece: Uint8Array): void {
  conns.get(this)?.arrived(piece)
}

function onEnd(this: Socket): void {
  conns.get(this)?.finished()
}

function onError(this: Socket, error: Error): void {
  conns.get(this)?.broke(error)
}

function onClose(this: Socket): void {
  conns.get(this)?.isClosed()
}

function closed(): NetworkError {
  return new NetworkError('closed', 'the connection is closed')
}
