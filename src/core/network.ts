import type { SecureClient, SecureConn, SecureServer } from './tls.ts'

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

/** Where to listen, and what for. */
export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Others of this process listen at the same port, each with `share`, and the system deals out who comes. */
  readonly share?: boolean
  /** Its connections carry data alone: nothing idle is kept alive, and what comes in large amounts is read for speed. */
  readonly forData?: boolean
  /** What comes over its connections in large amounts is read for speed, whatever else they carry. */
  readonly muchMayCome?: boolean
  /** Told of each peer that had cut its connection before it could be taken: it has no address any more. */
  readonly lost?: () => void
}

/** Whom to connect to, and from where. */
export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly localAddress?: string
  readonly localPort?: number
  /** Keep nothing alive that is idle: for who wants to see whether routers forget it. */
  readonly idles?: boolean
  /** It carries data alone: nothing idle is kept alive, and what comes in large amounts is read for speed. */
  readonly forData?: boolean
  /** What comes over it in large amounts is read for speed, whatever else it carries. */
  readonly muchMayCome?: boolean
  readonly signal?: AbortSignal
  readonly timeoutMs: number
}

/** A place where datagrams come in and leave from. */
export interface Datagrams {
  readonly local: Peer
  /**
   * Sends one datagram and forgets it: what cannot be sent is lost, as it may be on the way. The bytes may still be on
   * their way when this returns: they must not change before the peer has answered, or must not matter then.
   */
  send(bytes: Uint8Array, to: Peer): void
  close(): Promise<void>
}

/** Where to take datagrams, and whose. */
export interface DatagramOptions extends ListenOptions {
  /** Speak to this peer alone, and be told when its system says that nobody listens there. */
  readonly peer?: Peer
  readonly refused?: () => void
  /** Nearly all goes to and comes from this peer, which takes less then; others are heard as well. */
  readonly mostlyWith?: Peer
}

/** Takes a datagram; its bytes may be kept. Must not throw. */
export type ReceiveDatagram = (bytes: Uint8Array, from: Peer) => void

/** Where connections come from: sockets, memory for tests, or a tunnel. */
export interface Network {
  listen(options: ListenOptions, accept: (conn: Conn) => void): Promise<Port>
  connect(options: ConnectOptions): Promise<Conn>
  /**
   * Puts TLS around a connection that nobody reads, whose owner the result is from here on. Who is at the other end is not
   * judged: that stands in `tls.peer`. When it fails the connection is cut.
   */
  secure(conn: Conn, how: SecureServer | SecureClient): Promise<SecureConn>
  /** Opens a place for datagrams, at one address of this machine. */
  datagrams(options: DatagramOptions, receive: ReceiveDatagram): Promise<Datagrams>
  /** The addresses of this machine, those of IPv6 with a zone where they need one. */
  addresses(): readonly string[]
  /** The addresses of a host name, IPv4 first. */
  lookup(host: string): Promise<readonly string[]>
}
