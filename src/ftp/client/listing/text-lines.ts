import { decodeText } from '../../../core/text.ts'

const lineFeed = 10

/** More than this without an end is no line of a listing. */
const longestLine = 64 * 1024

/** Cuts bytes into lines of text that keep their CR: whether a line had one tells whether a name goes on in the next. */
export class TextLines {
  #begun: Uint8Array = new Uint8Array(0)

  /** The lines that are whole with this piece, whose memory may be used again then. */
  push(piece: Uint8Array): readonly string[] {
    const end = piece.lastIndexOf(lineFeed)
    if (end < 0) {
      this.#keep(joined(this.#begun, piece))
      return []
    }
    const whole = joined(this.#begun, piece.subarray(0, end))
    this.#keep(copied(piece.subarray(end + 1)))
    return decodeText(whole).split('\n')
  }

  /** What stands behind the last end of a line. */
  rest(): readonly string[] {
    const rest = this.#begun
    this.#begun = new Uint8Array(0)
    return rest.length === 0 ? [] : [decodeText(rest)]
  }

  #keep(begun: Uint8Array): void {
    this.#begun = begun.length > longestLine ? copied(begun.subarray(0, longestLine)) : begun
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return copied(b)
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** What sockets give are Buffers, whose slice() is no copy. */
function copied(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
