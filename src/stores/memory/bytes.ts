const chunkSize = 256 * 1024
const smallest = 256

/** The content of a file that may grow: growing copies at most one chunk, and what nobody wrote takes no room. */
export class Bytes {
  size = 0
  readonly #chunks = new Map<number, Uint8Array>()

  read(into: Uint8Array, at: number): number {
    const length = Math.max(0, Math.min(into.length, this.size - at))
    for (let done = 0; done < length;) {
      const [index, offset] = place(at + done)
      const part = into.subarray(done, Math.min(length, done + chunkSize - offset))
      const held = this.#chunks.get(index)?.subarray(offset, offset + part.length)
      part.set(held ?? [])
      part.fill(0, held?.length ?? 0)
      done += part.length
    }
    return length
  }

  write(piece: Uint8Array, at: number): void {
    for (let done = 0; done < piece.length;) {
      const [index, offset] = place(at + done)
      const part = piece.subarray(done, done + chunkSize - offset)
      this.#chunk(index, offset + part.length).set(part, offset)
      done += part.length
    }
    if (piece.length > 0) this.size = Math.max(this.size, at + piece.length)
  }

  resize(size: number): void {
    const [last, offset] = place(size)
    for (const index of this.#chunks.keys()) if (index > last) this.#chunks.delete(index)
    this.#chunks.get(last)?.fill(0, offset)
    this.size = size
  }

  /** A chunk that holds at least so many bytes. */
  #chunk(index: number, wanted: number): Uint8Array {
    const held = this.#chunks.get(index)
    if (held && held.length >= wanted) return held
    let length = smallest
    while (length < wanted) length *= 2
    const chunk = new Uint8Array(length)
    if (held) chunk.set(held)
    this.#chunks.set(index, chunk)
    return chunk
  }
}

function place(at: number): [index: number, offset: number] {
  const index = Math.floor(at / chunkSize)
  return [index, at - index * chunkSize]
}
