const longestPattern = 256

/** What one place of a pattern takes: any run, any character, or a character that the test accepts. */
type Piece = 'run' | 'any' | { readonly accepts: (character: number) => boolean; readonly dot: boolean }

/** Whether a text looks like a pattern. Try it as a plain name first: `a[1].txt` may be a file. */
export function hasGlob(text: string): boolean {
  return /[*?[]/.test(text)
}

/**
 * Makes a matcher of names from `*`, `?`, `[a-z]`, `[!a]` and `\`; undefined where the pattern is too long. A name that
 * begins with a dot matches only a pattern that does, as in a shell. A name costs at most its length times the
 * pattern's, whatever the two are: after a `*` that has got further, no earlier one is ever tried again.
 */
export function compileGlob(pattern: string): ((name: string) => boolean) | undefined {
  if (pattern.length > longestPattern) return undefined
  const pieces = piecesOf(Array.from(pattern, (character) => character.codePointAt(0) ?? 0))
  const [first] = pieces
  const takesDot = typeof first === 'object' && first.dot
  return (name) => (takesDot || !name.startsWith('.')) && matches(pieces, name)
}

function matches(pieces: readonly Piece[], name: string): boolean {
  let piece = 0
  let at = 0
  let afterRun = -1
  let retryAt = 0
  while (at < name.length || piece < pieces.length) {
    const wanted = pieces[piece]
    if (wanted === 'run') {
      piece += 1
      afterRun = piece
      retryAt = at
      if (piece === pieces.length) return true
      continue
    }
    const character = name.codePointAt(at)
    if (wanted && character !== undefined && (wanted === 'any' || wanted.accepts(character))) {
      piece += 1
      at += widthOf(character)
      continue
    }
    // The run takes one character more, and what follows it is tried again.
    if (afterRun < 0 || retryAt >= name.length) return false
    retryAt += widthOf(name.codePointAt(retryAt) ?? 0)
    at = retryAt
    piece = afterRun
  }
  return true
}

function widthOf(character: number): number {
  return character > 0xffff ? 2 : 1
}

const star = 0x2a
const question = 0x3f
const open = 0x5b
const close = 0x5d
const backslash = 0x5c
const dash = 0x2d
const dot = 0x2e
const negations: readonly (number | undefined)[] = [0x21, 0x5e]

function piecesOf(pattern: readonly number[]): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length;) {
    const character = pattern[at] ?? 0
    const set = character === open ? readSet(pattern, at + 1) : undefined
    if (set) {
      pieces.push({ accepts: set.accepts, dot: false })
      at = set.end
    } else if (character === star) {
      if (pieces.at(-1) !== 'run') pieces.push('run')
      at += 1
    } else if (character === question) {
      pieces.push('any')
      at += 1
    } else {
      const literal = readLiteral(pattern, at)
      pieces.push({ accepts: (other) => other === literal.character, dot: literal.character === dot })
      at = literal.end
    }
  }
  return pieces
}

/** A character, or the one behind a backslash; a backslash at the very end is itself. */
function readLiteral(pattern: readonly number[], at: number): { character: number; end: number } {
  const next = pattern[at + 1]
  if (pattern[at] === backslash && next !== undefined) return { character: next, end: at + 2 }
  return { character: pattern[at] ?? 0, end: at + 1 }
}

/** Reads a set behind its `[`; undefined where it is never closed, and the `[` is itself. A `]` that comes first is a member. */
function readSet(
  pattern: readonly number[],
  from: number,
): { accepts: (character: number) => boolean; end: number } | undefined {
  const negated = negations.includes(pattern[from])
  const start = negated ? from + 1 : from
  const ranges: [low: number, high: number][] = []
  for (let at = start; at < pattern.length;) {
    if (pattern[at] === close && at > start) {
      const accepts = (character: number): boolean =>
        ranges.some(([low, high]) => character >= low && character <= high) !== negated
      return { accepts, end: at + 1 }
    }
    const low = readLiteral(pattern, at)
    const isRange =
      pattern[low.end] === dash && low.end + 1 < pattern.length && pattern[low.end + 1] !== close
    const high = isRange ? readLiteral(pattern, low.end + 1) : low
    ranges.push([low.character, high.character])
    at = high.end
  }
  return undefined
}
