import type { Conn, Peer } from '../../core/network.ts'
import { beginsTls, longestHello, readClientHello } from '../../wire/client-hello.ts'
import type { Newcomer, Shown } from './place.ts'
import type { Tickets } from './tickets.ts'

/** A data connection, with what was read of it already. */
export interface Arrived {
  readonly conn: Conn
  readonly first?: Uint8Array
  /** It in TLS, where that was begun before the transfer was asked for. */
  readonly secured?: Promise<Conn>
}

/** A connection that has come to a passive port and belongs to nobody yet: its first bytes tell, if it says any. */
export class Arrival implements Newcomer {
  readonly conn: Conn
  shown: Shown = { kind: 'nothing' }
  patient = false
  #bytes: Uint8Array = new Uint8Array(0)
  #reading: Promise<readonly Uint8Array[] | undefined> | undefined
  #given = false

  constructor(conn: Conn) {
    this.conn = conn
  }

  get address(): string {
    return this.conn.remote.address
  }

  /** Reads until it is known what it is, and tells of each step; with `gone` when it broke. */
  async look(tickets: Tickets, changed: (gone: boolean) => void): Promise<void> {
    while (!this.#given && (this.shown.kind === 'nothing' || this.shown.kind === 'some')) {
      this.#reading = this.conn.read()
      let pieces: readonly Uint8Array[] | undefined
      try {
        pieces = await this.#reading
      } catch {
        if (!this.#given) changed(true)
        return
      }
      // Who was given it meanwhile has what was read too.
      if (this.#given) return
      this.#reading = undefined
      this.#take(pieces, tickets)
      changed(false)
    }
  }

  /** Gives it away: with TLS as it is and what it began with, in clear as if nobody had looked. */
  give(secure: boolean): Arrived {
    this.#given = true
    const first = this.#bytes
    if (secure) return first.length > 0 ? { conn: this.conn, first } : { conn: this.conn }
    const reading = this.#reading ?? (this.shown.kind === 'clear' ? Promise.resolve(endOr(first)) : undefined)
    return { conn: reading === undefined ? this.conn : new PeekedConn(this.conn, reading) }
  }

  #take(pieces: readonly Uint8Array[] | undefined, tickets: Tickets): void {
    this.#bytes = Buffer.concat([this.#bytes, ...(pieces ?? [])])
    const bytes = this.#bytes
    const hello = beginsTls(bytes) ? readClientHello(bytes) : undefined
    if (hello !== undefined) this.shown = { kind: 'hello', hello, session: tickets.shown(hello) }
    else if (pieces === undefined || !beginsTls(bytes) || bytes.length >= longestHello)
      this.shown = { kind: 'clear' }
    else this.shown = { kind: 'some' }
  }
}

/** Nothing at all was an end. */
function endOr(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  return bytes.length > 0 ? [bytes] : undefined
}

/** A connection of which the first read was begun by someone else. */
class PeekedConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = false
  readonly #conn: Conn
  #first: Promise<readonly Uint8Array[] | undefined> | undefined

  constructor(conn: Conn, first: Promise<readonly Uint8Array[] | undefined>) {
    this.local = conn.local
    this.remote = conn.remote
    this.#conn = conn
    this.#first = first
    first.catch(() => undefined) // Who reads is told; who only writes sees it there.
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#conn.read()
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes)
  }

  end(): Promise<void> {
    return this.#conn.end()
  }

  destroy(reason?: Error): void {
    this.#conn.destroy(reason)
  }
}
