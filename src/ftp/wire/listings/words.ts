const space = 32
const tab = 9
const mostWords = 24

/** A line cut at its spaces and tabs. One object serves all lines, as there may be a million of them. */
export class Words {
  line = ''
  /** How many words there are, of which only the first 24 are looked at. */
  count = 0
  readonly #starts = new Int32Array(mostWords)
  readonly #ends = new Int32Array(mostWords)
  readonly #kept: string[] = []

  /** Takes another line. */
  take(line: string): this {
    const length = line.length
    let count = 0
    let at = 0
    while (count < mostWords) {
      while (at < length && isBlank(line.charCodeAt(at))) at += 1
      if (at >= length) break
      this.#starts[count] = at
      while (at < length && !isBlank(line.charCodeAt(at))) at += 1
      this.#ends[count] = at
      count += 1
    }
    this.line = line
    this.count = count
    return this
  }

  /** The word at this index, '' where there is none. */
  at(index: number): string {
    return index >= 0 && index < this.count ? this.line.slice(this.start(index), this.end(index)) : ''
  }

  /** The word at this index, the same string as in the line before where it is the same word: owners repeat. */
  kept(index: number): string {
    const before = this.#kept[index]
    if (before !== undefined && before.length === this.length(index)) {
      if (this.line.startsWith(before, this.start(index))) return before
    }
    return (this.#kept[index] = this.at(index))
  }

  /** Where a word begins. */
  start(index: number): number {
    return this.#starts[index] ?? 0
  }

  /** Where a word ends. */
  end(index: number): number {
    return this.#ends[index] ?? 0
  }

  length(index: number): number {
    return index < this.count ? this.end(index) - this.start(index) : 0
  }

  /** The code of a character of a word. */
  code(index: number, character: number): number {
    return this.line.charCodeAt(this.start(index) + character)
  }

  /** From this word to the end of the line. */
  from(index: number): string {
    return index < this.count ? this.line.slice(this.start(index)) : ''
  }

  /** What stands behind a word and the one blank after it: a name may begin with spaces. */
  behind(index: number): string {
    return this.line.slice(this.end(index) + 1)
  }

  /** Words from the first up to, not including, the last, as they are spaced. */
  between(first: number, last: number): string | undefined {
    return first < last ? this.line.slice(this.start(first), this.end(last - 1)) : undefined
  }

  /** A word that is digits only, as a number; undefined for any other. */
  number(index: number): number | undefined {
    if (index < 0 || index >= this.count) return undefined
    const end = this.end(index)
    let value = 0
    let at = this.start(index)
    if (end - at > 20) return undefined
    for (; at < end; at += 1) {
      const digit = this.line.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) return undefined
      value = value * 10 + digit
    }
    return value
  }
}

function isBlank(code: number): boolean {
  return code === space || code === tab
}
