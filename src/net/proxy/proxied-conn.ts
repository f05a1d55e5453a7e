import type { Conn, Peer } from '../../core/network.ts'

/** A connection that a proxy made: its other end is the one that was asked for. */
export class ProxiedConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure: boolean
  readonly #inner: Conn
  #first: Uint8Array

  /** `first` came together with the proxy's own answer. */
  constructor(inner: Conn, remote: Peer, first: Uint8Array) {
    this.local = inner.local
    this.remote = remote
    this.secure = inner.secure
    this.#inner = inner
    this.#first = first
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#first.length === 0) return this.#inner.read()
    const first = this.#first
    this.#first = new Uint8Array(0)
    return Promise.resolve([first])
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#inner.write(bytes)
  }

  end(): Promise<void> {
    return this.#inner.end()
  }

  destroy(reason?: Error): void {
    this.#inner.destroy(reason)
  }
}
