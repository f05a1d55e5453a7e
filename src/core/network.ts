/** One end of a connection. IPv4 in IPv6 (`::ffff:1.2.3.4`) is always written as IPv4. */
export interface Peer {
  readonly address: string
  readonly port: number
}

/** One byte connection. */
export interface Conn {
  readonly local: Peer
  readonly remote: Peer
  /** Whether it is encrypted. */
  readonly secure: boolean
  /**
   * All that has arrived, at least one piece; undefined: the peer has finished. One read at a time. The pieces are lent
   * until the next read, then their memory may be gone: who keeps bytes copies them.
   */
  read(): Promise<readonly Uint8Array[] | undefined>
  /** Resolves when the bytes are handed to the system and may be changed again. */
  write(bytes: Uint8Array): Promise<void>
  /** Says that no more will be written, once what was written is on its way. */
  end(): Promise<void>
  /**
   * Ends both directions at once; reads and writes under way reject. With a reason the peer sees a cut (RST) and not an
   * end, so that half a file never looks like a whole one. Safe to call twice.
   */
  destroy(reason?: Error): void
}

/** A listener. */
export interface Port {
  readonly local: Peer
  close(): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly localAddress?: string
  readonly localPort?: number
  readonly signal?: AbortSignal
  readonly timeoutMs: number
}

/** Where connections come from: sockets, memory for tests, or a tunnel. */
export interface Network {
  listen(options: ListenOptions, accept: (conn: Conn) => void): Promise<Port>
  connect(options: ConnectOptions): Promise<Conn>
  /** The addresses of a host name, IPv4 first. */
  lookup(host: string): Promise<readonly string[]>
}
