const lineFeed = 10
const carriageReturn = 13
const none = new Uint8Array(0)

/** A file's bytes as TYPE A sends them: LF becomes CRLF, and a CRLF stays as it is. */
export class ToNetwork {
  #before: number

  /** `before` is the last byte that the peer has already, where a transfer goes on; see `LocalOffset`. */
  constructor(before = 0) {
    this.#before = before
  }

  /** The chunk itself where nothing is to change. */
  encode(bytes: Uint8Array): Uint8Array {
    const extra = bareLineFeeds(bytes, this.#before)
    const before = this.#before
    this.#before = bytes.at(-1) ?? before
    if (extra === 0) return bytes
    const encoded = new Uint8Array(bytes.length + extra)
    let used = 0
    let start = 0
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
      if ((at > 0 ? bytes[at - 1] : before) === carriageReturn) continue
      encoded.set(bytes.subarray(start, at), used)
      used += at - start
      encoded[used++] = carriageReturn
      start = at
    }
    encoded.set(bytes.subarray(start), used)
    return encoded
  }
}

/** What TYPE A receives as a file's bytes: CRLF becomes LF, a CR alone stays (RFC 959 §3.1.1.1). */
export class FromNetwork {
  #held = false

  /** The chunk itself where nothing is to change. A CR at its end is held till it is known what follows. */
  decode(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes
    const held = this.#held
    this.#held = bytes.at(-1) === carriageReturn
    const body = this.#held ? bytes.subarray(0, -1) : bytes
    if (!held && !body.includes(carriageReturn)) return body
    const decoded = new Uint8Array(body.length + 1)
    let used = 0
    if (held && bytes[0] !== lineFeed) decoded[used++] = carriageReturn
    let start = 0
    for (let at = body.indexOf(carriageReturn); at >= 0; at = body.indexOf(carriageReturn, at + 1)) {
      if (body[at + 1] !== lineFeed) continue
      decoded.set(body.subarray(start, at), used)
      used += at - start
      start = at + 1
    }
    decoded.set(body.subarray(start), used)
    return decoded.subarray(0, used + body.length - start)
  }

  /** What was held when the transfer ended. */
  end(): Uint8Array {
    const held = this.#held
    this.#held = false
    return held ? Uint8Array.of(carriageReturn) : none
  }
}

/** How long a file is as TYPE A sends it: what SIZE must tell (RFC 3659 §4). */
export class NetworkLength {
  #length = 0
  #before = 0

  get length(): number {
    return this.#length
  }

  add(bytes: Uint8Array): void {
    this.#length += bytes.length + bareLineFeeds(bytes, this.#before)
    this.#before = bytes.at(-1) ?? this.#before
  }
}

/** Where a transfer goes on in the file, and the byte that went before: hand it to `ToNetwork`. */
export interface Resumption {
  readonly local: number
  readonly before: number
}

/**
 * Finds the place in a file for a REST that counts bytes as TYPE A sends them (RFC 3659 §5). Between the CR and the LF of
 * a line's end the place is the LF's, and the CR has gone before: a download goes on with LF alone, an upload puts it there.
 */
export class LocalOffset {
  #wanted: number
  #local = 0
  #before = 0

  constructor(networkOffset: number) {
    this.#wanted = networkOffset
  }

  /** Takes the next bytes of the file; undefined as long as the place lies behind them. */
  scan(bytes: Uint8Array): Resumption | undefined {
    const length = bytes.length + bareLineFeeds(bytes, this.#before)
    if (length <= this.#wanted) {
      this.#wanted -= length
      this.#local += bytes.length
      this.#before = bytes.at(-1) ?? this.#before
      return this.#wanted === 0 ? { local: this.#local, before: this.#before } : undefined
    }
    return this.#within(bytes)
  }

  #within(bytes: Uint8Array): Resumption {
    let before = this.#before
    let left = this.#wanted
    let at = 0
    for (; left > 0; at += 1) {
      const byte = bytes[at] ?? 0
      const bare = byte === lineFeed && before !== carriageReturn
      if (bare && left === 1) return { local: this.#local + at, before: carriageReturn }
      left -= bare ? 2 : 1
      before = byte
    }
    return { local: this.#local + at, before }
  }
}

/** How many LF have no CR before them. */
function bareLineFeeds(bytes: Uint8Array, before: number): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if ((at > 0 ? bytes[at - 1] : before) !== carriageReturn) count += 1
  }
  return count
}
