const lineFeed = 10
const carriageReturn = 13
const fourLineFeeds = 0x0a0a0a0a
const fourCarriageReturns = 0x0d0d0d0d
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
    const before = this.#before
    this.#before = bytes.at(-1) ?? before
    if (!bytes.includes(lineFeed)) return bytes
    const encoded = withCarriageReturns(bytes, before)
    return encoded.length === bytes.length ? bytes : encoded
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
    return withoutCarriageReturns(body, held && bytes[0] !== lineFeed)
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

/*
 * Text is gone through four bytes at a time: in most groups there is no end of a line, and one look tells. It is
 * several times as fast as looking at each byte, or as `indexOf` where lines are short. DataView takes any alignment.
 */

/** How many LF have no CR before them. */
function bareLineFeeds(bytes: Uint8Array, before: number): number {
  const groups = viewOf(bytes)
  const lastGroup = bytes.length - 4
  let count = 0
  for (let at = 0; at < bytes.length;) {
    if (at <= lastGroup && !holdsByte(groups.getInt32(at), fourLineFeeds)) {
      at += 4
      continue
    }
    for (const end = Math.min(at + 4, bytes.length); at < end; at += 1) {
      if (bytes[at] === lineFeed && (at > 0 ? bytes[at - 1] : before) !== carriageReturn) count += 1
    }
  }
  return count
}

/** Twice the length is room for the worst text; to count first would cost more than the memory that is never touched. */
function withCarriageReturns(bytes: Uint8Array, before: number): Uint8Array {
  const encoded = new Uint8Array(bytes.length * 2)
  const groups = viewOf(bytes)
  const out = viewOf(encoded)
  const lastGroup = bytes.length - 4
  let used = 0
  for (let at = 0; at < bytes.length;) {
    if (at <= lastGroup) {
      const group = groups.getInt32(at)
      if (!holdsByte(group, fourLineFeeds)) {
        out.setInt32(used, group)
        used += 4
        at += 4
        continue
      }
    }
    for (const end = Math.min(at + 4, bytes.length); at < end; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte === lineFeed && (at > 0 ? bytes[at - 1] : before) !== carriageReturn) {
        encoded[used++] = carriageReturn
      }
      encoded[used++] = byte
    }
  }
  return encoded.subarray(0, used)
}

/** Leaves out each CR before a LF; `held` puts the CR in front that was held. */
function withoutCarriageReturns(bytes: Uint8Array, held: boolean): Uint8Array {
  const decoded = new Uint8Array(bytes.length + 1)
  const groups = viewOf(bytes)
  const out = viewOf(decoded)
  const lastGroup = bytes.length - 4
  let used = 0
  if (held) decoded[used++] = carriageReturn
  for (let at = 0; at < bytes.length;) {
    if (at <= lastGroup) {
      const group = groups.getInt32(at)
      if (!holdsByte(group, fourCarriageReturns)) {
        out.setInt32(used, group)
        used += 4
        at += 4
        continue
      }
    }
    for (const end = Math.min(at + 4, bytes.length); at < end; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte !== carriageReturn || bytes[at + 1] !== lineFeed) decoded[used++] = byte
    }
  }
  return decoded.subarray(0, used)
}

/** Whether one of four bytes is the wanted one: what is zero after the XOR borrows from its own top bit. */
function holdsByte(group: number, fourWanted: number): boolean {
  const zeroWhereEqual = group ^ fourWanted
  return ((zeroWhereEqual - 0x01010101) & ~zeroWhereEqual & 0x80808080) !== 0
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
