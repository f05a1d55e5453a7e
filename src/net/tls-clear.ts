import type { Conn, Peer } from '../core/network.ts'

/** The types of TLS records: 20 change cipher spec, 21 alert, 22 handshake, 23 data. No command begins like that. */
const firstType = 20
const lastType = 23

/** A connection that was in TLS and is in clear again: what was on its way under TLS is still fed to it, the rest is read. */
export class ClearConn implements Conn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = false
  readonly #conn: Conn
  readonly #feed: (record: Uint8Array) => Promise<boolean>
  readonly #start: Promise<void>
  #begin: () => void = () => undefined
  #rest: Uint8Array = new Uint8Array(0)
  #began = false

  /** `feed` gives a record to TLS and tells whether TLS is over with it. */
  constructor(conn: Conn, feed: (record: Uint8Array) => Promise<boolean>) {
    this.local = conn.local
    this.remote = conn.remote
    this.#conn = conn
    this.#feed = feed
    this.#start = new Promise((resolve) => {
      this.#begin = resolve
    })
  }

  /** Whether all that was under TLS is over. */
  get began(): boolean {
    return this.#began
  }

  /** Takes what came while it was not known to be in clear. */
  async arrived(pieces: readonly Uint8Array[] | undefined): Promise<void> {
    this.#rest = Buffer.concat([this.#rest, ...(pieces ?? [])])
    let over = pieces === undefined
    while (!over && this.#rest.length > 0) {
      const [type = 0] = this.#rest
      // Some clients end their TLS without a word, and go on in clear.
      if (type < firstType || type > lastType) over = true
      else {
        const record = recordOf(this.#rest)
        if (record === undefined) return
        this.#rest = this.#rest.subarray(record.length)
        over = await this.#feed(record)
      }
    }
    if (!over) return
    this.#began = true
    this.#begin()
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    await this.#start
    const rest = this.#rest
    this.#rest = new Uint8Array(0)
    return rest.length > 0 ? [rest] : this.#conn.read()
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#conn.write(bytes)
  }

  end(): Promise<void> {
    return this.#conn.end()
  }

  destroy(reason?: Error): void {
    this.#began = true
    this.#begin()
    this.#conn.destroy(reason)
  }
}

function recordOf(bytes: Uint8Array): Uint8Array | undefined {
  const [, , , high = 0, low = 0] = bytes
  const size = 5 + high * 256 + low
  return bytes.length >= 5 && bytes.length >= size ? bytes.subarray(0, size) : undefined
}
