/** A line that is read from its beginning to its end, word by word. One object serves all lines, as there may be a million of them. */
export class LineWalk {
  line = ''
  /** Where the next word begins. */
  at = 0
  /** Where the last word ended. */
  end = 0

  take(line: string, at: number): void {
    this.line = line
    this.at = at
  }

  /** The number that is the next word, and goes on to what follows; -1: it is none, or nothing follows. */
  number(): number {
    const { line } = this
    const start = this.at
    let at = start
    let value = 0
    let digit = line.charCodeAt(at) - 48
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      at += 1
      digit = line.charCodeAt(at) - 48
    }
    if (at === start || at - start > longestNumber || !isBlank(digit + 48)) return -1
    this.end = at
    this.at = pastBlanks(line, at)
    return value
  }

  /** The next word, and goes on to what follows. */
  word(): string {
    const { line } = this
    const start = this.at
    let end = start
    while (end < line.length && !isBlank(line.charCodeAt(end))) end += 1
    this.end = end
    this.at = pastBlanks(line, end)
    return line.slice(start, end)
  }
}

const longestNumber = 20

/** What parts words: spaces and tabs. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

/** The first place from here on where no blank is. */
export function pastBlanks(line: string, from: number): number {
  let at = from
  while (isBlank(line.charCodeAt(at))) at += 1
  return at
}
