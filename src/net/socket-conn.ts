import type { Socket } from 'node:net'
import { canonicalAddress } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, Peer } from '../core/network.ts'
import { networkError } from './network-error.ts'

/** How much may wait to be taken; then the socket is read no further. */
const mostWaiting = 1024 * 1024

interface Waiting {
  resolve(pieces: readonly Uint8Array[] | undefined): void
  reject(reason: Error): void
}

/**
 * A socket as a Conn. Its listeners are shared functions and it makes no closure until something is read or written:
 * thousands of idle sessions are mostly this object and its socket.
 */
export class SocketConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = false
  readonly #socket: Socket
  #pieces: Uint8Array[] = []
  #size = 0
  #finished = false
  #failure: NetworkError | undefined
  #waiting: Waiting | undefined

  /** The socket must be paused, and nobody else may listen to it. */
  constructor(socket: Socket) {
    this.#socket = socket
    this.local = { address: canonicalAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
    this.remote = { address: canonicalAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    conns.set(socket, this)
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('error', onError)
    socket.on('close', onClose)
    socket.pause() // a data listener would have set it flowing
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(new Error('one read at a time'))
    if (this.#size > 0) return Promise.resolve(this.#take())
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#finished) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#socket.isPaused()) this.#socket.resume()
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#socket.write(bytes, (error) => {
        if (error) reject(this.#failure ?? networkError(error))
        else resolve()
      })
    })
  }

  end(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#socket.end((error?: Error | null) => {
        if (error) reject(this.#failure ?? networkError(error))
        else resolve()
      })
    })
  }

  destroy(reason?: Error): void {
    this.#fail(new NetworkError('aborted', reason?.message ?? 'the connection is closed', { cause: reason }))
    if (reason === undefined) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  /** For the shared listeners: a piece has come. */
  arrived(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#size += piece.length
    if (this.#waiting !== undefined) this.#answer()
    else if (this.#size >= mostWaiting) this.#socket.pause()
  }

  /** For the shared listeners: the peer will send nothing more. */
  finished(): void {
    this.#finished = true
    this.#answer()
  }

  /** For the shared listeners: it broke, or is closed for good. */
  broke(error: NetworkError): void {
    this.#fail(error)
  }

  #take(): readonly Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    this.#size = 0
    if (this.#socket.isPaused() && !this.#finished) this.#socket.resume()
    return pieces
  }

  #answer(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(this.#size > 0 ? this.#take() : undefined)
  }

  #fail(error: NetworkError): void {
    this.#failure ??= error
    const waiting = this.#waiting
    this.#waiting = undefined
    if (this.#finished) waiting?.resolve(undefined)
    else waiting?.reject(this.#failure)
  }
}

const conns = new WeakMap<Socket, SocketConn>()

function onData(this: Socket, piece: Uint8Array): void {
  conns.get(this)?.arrived(piece)
}

function onEnd(this: Socket): void {
  conns.get(this)?.finished()
}

function onError(this: Socket, error: Error): void {
  conns.get(this)?.broke(networkError(error))
}

function onClose(this: Socket): void {
  conns.get(this)?.broke(new NetworkError('closed', 'the connection is closed'))
}
