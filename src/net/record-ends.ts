const headerSize = 5

/** Follows the records of TLS (RFC 8446 §5.1) as they pass by: what ends in the middle of one was cut. */
export class RecordEnds {
  /** How many bytes of a header have come. */
  #header = 0
  #size = 0
  /** How many bytes are missing of the record that is passing. */
  #missing = 0

  /** Whether what has passed ends where a record ends. */
  get whole(): boolean {
    return this.#header === 0 && this.#missing === 0
  }

  pass(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#missing > 0) {
        const passed = Math.min(this.#missing, bytes.length - at)
        this.#missing -= passed
        at += passed
      } else {
        this.#passHeader(bytes[at] ?? 0)
        at += 1
      }
    }
  }

  #passHeader(byte: number): void {
    this.#header += 1
    if (this.#header > headerSize - 2) this.#size = this.#size * 256 + byte
    if (this.#header < headerSize) return
    this.#missing = this.#size
    this.#header = 0
    this.#size = 0
  }
}
