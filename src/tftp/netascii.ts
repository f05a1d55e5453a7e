const lineFeed = 10
const carriageReturn = 13

/** A file's bytes as netascii sends them: LF as CR LF, CR as CR NUL (RFC 764). It keeps no state: each byte stands alone. */
export function toNetascii(bytes: Uint8Array): Uint8Array {
  let more = 0
  for (const byte of bytes) if (byte === lineFeed || byte === carriageReturn) more += 1
  if (more === 0) return bytes
  const encoded = new Uint8Array(bytes.length + more)
  let at = 0
  for (const byte of bytes) {
    if (byte === lineFeed) encoded[at++] = carriageReturn
    encoded[at++] = byte
    if (byte === carriageReturn) encoded[at++] = 0
  }
  return encoded
}

/** What netascii receives as a file's bytes. A CR at the end of a piece is held till it is known what follows. */
export class FromNetascii {
  #held = false

  decode(bytes: Uint8Array): Uint8Array {
    const decoded = new Uint8Array(bytes.length + 1)
    let at = 0
    for (const byte of bytes) {
      if (this.#held) {
        this.#held = false
        if (byte === lineFeed || byte === 0) {
          decoded[at++] = byte === 0 ? carriageReturn : lineFeed
          continue
        }
        decoded[at++] = carriageReturn // a CR that says nothing: some clients send them bare
      }
      if (byte === carriageReturn) this.#held = true
      else decoded[at++] = byte
    }
    return decoded.subarray(0, at)
  }

  /** What was held when the transfer ended. */
  end(): Uint8Array {
    const held = this.#held
    this.#held = false
    return held ? Uint8Array.of(carriageReturn) : new Uint8Array(0)
  }
}
