import { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import type { TLSSocket } from 'node:tls'
import { asError, NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import type { TlsEnding } from '../core/tls.ts'
import { RecordEnds } from './record-ends.ts'
import { ClearConn } from './tls-clear.ts'

/**
 * So much is handed to TLS at once, as each piece costs turns of streams. What it decrypts after it was told to pause, this and a
 * record that had begun before, must fit into what a reader keeps free (`mostUnderway` in socket-conn.ts).
 */
const mostAtOnce = 128 * 1024

/**
 * A connection as the stream that TLS runs over. Node tells the end that was said under encryption (close_notify) and a bare
 * one by the same event. Here they can be told apart: the bare end is kept back until all before it is decrypted, and when
 * TLS has not ended by then, nobody has said the end.
 */
export class TlsStream extends Duplex {
  readonly #conn: Conn
  readonly #records = new RecordEnds()
  #first: Uint8Array | undefined
  #tls: TLSSocket | undefined
  /** The handshake is over: before, nothing waits to be read. */
  #shaken = false
  #tlsEnded = false
  #ending: TlsEnding = 'unknown'
  #pulling = false
  /** Takes what comes, once TLS is to end and the connection to live on. */
  #clear: ClearConn | undefined

  constructor(conn: Conn, first: Uint8Array | undefined) {
    // One byte: what a connection lends is all taken before it is asked for more.
    super({ allowHalfOpen: true, readableHighWaterMark: 1, writableHighWaterMark: 256 * 1024 })
    this.#conn = conn
    this.#first = first
  }

  /** The TLS that runs over this. */
  serve(tls: TLSSocket): TLSSocket {
    this.#tls = tls
    tls.once('secure', () => {
      this.#shaken = true
    })
    tls.once('end', () => {
      this.#tlsEnded = true
      if (this.#ending === 'unknown') this.#ending = 'closed-clean'
    })
    return tls
  }

  get ending(): TlsEnding {
    return this.#ending
  }

  /** Ends TLS in both directions and gives the connection back (CCC, RFC 4217 §12.3). */
  async clear(): Promise<Conn> {
    const tls = this.#tls
    if (tls === undefined) throw new Error('there is no TLS to end')
    const clear = new ClearConn(this.#conn, async (record) => {
      this.push(record)
      // What a record says is heard a turn later.
      await new Promise((resolve) => setImmediate(resolve))
      return this.#tlsEnded
    })
    this.#clear = clear
    tls.resume()
    await new Promise<void>((resolve) => tls.end(resolve))
    return clear
  }

  override _read(): void {
    this.#more()
  }

  #more(): void {
    if (this.#pulling || this.#clear?.began === true) return
    this.#pulling = true
    this.#pull().catch((thrown: unknown) => void this.#break(asError(thrown)))
  }

  override _write(bytes: Uint8Array, _encoding: unknown, done: (error?: Error) => void): void {
    answer(this.#conn.write(bytes), done)
  }

  override _writev(all: { chunk: Uint8Array }[], done: (error?: Error) => void): void {
    answer(this.#conn.write(Buffer.concat(all.map(({ chunk }) => chunk))), done)
  }

  override _final(done: (error?: Error) => void): void {
    if (this.#clear === undefined) answer(this.#conn.end(), done)
    else done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#clear === undefined) this.#conn.destroy(error ?? undefined)
    done(error)
  }

  async #pull(): Promise<void> {
    // A piece that the stream is about to hand on is still lent: it must be gone before the next read.
    await Promise.resolve()
    const pieces = await this.#take()
    this.#pulling = false
    if (this.#clear !== undefined) {
      this.#pulling = true
      await this.#clear.arrived(pieces)
      this.#pulling = false
      this.#more()
    } else if (pieces === undefined) await this.#finish()
    else {
      for (const piece of pieces) {
        this.#records.pass(piece)
        // TLS decrypts all that it is handed, also when it was told to pause meanwhile.
        for (let at = 0; at < piece.length; at += mostAtOnce) this.push(piece.subarray(at, at + mostAtOnce))
      }
    }
  }

  async #take(): Promise<readonly Uint8Array[] | undefined> {
    const first = this.#first
    this.#first = undefined
    return first === undefined ? this.#conn.read() : [first]
  }

  async #finish(): Promise<void> {
    await this.#decrypted()
    if (!this.#tlsEnded && !this.#records.whole) {
      this.#breakOff('cut', new NetworkError('closed', 'the peer ended in the middle of a TLS record'))
      return
    }
    if (!this.#tlsEnded) this.#ending = 'fin-only'
    this.push(null)
  }

  /**
   * A client that closes without reading the tickets it was sent makes its system cut the connection (lftp, curl with TLS 1.3).
   * What came before is whole all the same: it is decrypted first, and only where TLS has not ended by then has it broken.
   */
  async #break(error: Error): Promise<void> {
    await this.#decrypted()
    if (this.#tlsEnded) {
      this.push(null)
      return
    }
    this.#breakOff('reset', error)
  }

  #breakOff(ending: TlsEnding, error: Error): void {
    this.#ending = ending
    // What runs over a stream that breaks is told that it is over, and not why.
    this.#tls?.destroy(error)
    this.destroy()
  }

  /** Waits until TLS has taken all that came. */
  async #decrypted(): Promise<void> {
    const tls = this.#tls
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve))
      if (tls === undefined || this.#tlsEnded || tls.destroyed || this.destroyed) return
      if (!this.#shaken && this.readableLength === 0) return
      if (tls.isPaused()) await new Promise((resolve) => tls.once('resume', resolve).once('close', resolve))
      else if (this.readableLength === 0) return
    }
  }
}

/** The callback of a stream, from a promise. */
function answer(work: Promise<void>, done: (error?: Error) => void): void {
  const tell = async (): Promise<void> => {
    try {
      await work
    } catch (thrown) {
      return done(asError(thrown))
    }
    done()
  }
  void tell()
}
