/** What decides whether a command of a line runs: always, or by how the one before it ended. */
export type When = 'always' | 'if-done' | 'if-failed'

/** One command of a line. */
export interface Command {
  readonly words: readonly string[]
  readonly when: When
  readonly background: boolean
  /** A file that takes what it prints, or a program of this machine. */
  readonly into: { readonly kind: 'file' | 'append' | 'program'; readonly text: string } | undefined
  /** As it was typed. */
  readonly text: string
}

/** The line cannot be read. */
export class LineError extends Error {}

/** Splits a line into commands: `;`, `&`, `&&`, `||` between them, `> file`, `>> file` and `| program` behind one. */
export function splitLine(line: string): Command[] {
  const tokens = tokensOf(line)
  const commands: Command[] = []
  let when: When = 'always'
  for (let at = 0; at < tokens.length;) {
    const begin = at
    const words: string[] = []
    while (tokens[at]?.kind === 'word') words.push(tokens[at++]?.text ?? '')
    let into: Command['into']
    const redirect = tokens[at]
    if (redirect?.kind === 'operator' && (redirect.text === '>' || redirect.text === '>>')) {
      const file = tokens[at + 1]
      if (file?.kind !== 'word') throw new LineError(`${redirect.text} needs a file behind it`)
      into = { kind: redirect.text === '>' ? 'file' : 'append', text: file.text }
      at += 2
    } else if (redirect?.kind === 'operator' && redirect.text === '|') {
      let end = at + 1
      while (end < tokens.length && !endings.has(operatorAt(tokens, end))) end += 1
      const program = line.slice(redirect.end, tokens[end]?.start ?? line.length).trim()
      if (program === '') throw new LineError('| needs a program behind it')
      into = { kind: 'program', text: program }
      at = end
    }
    const operator = operatorAt(tokens, at)
    if (at < tokens.length && !endings.has(operator))
      throw new LineError(`"${tokens[at]?.text}" stands in a wrong place`)
    const first = tokens[begin]
    const text = line.slice(first?.start ?? 0, tokens[at]?.start ?? line.length).trim()
    if (words.length > 0) commands.push({ words, when, background: operator === '&', into, text })
    when = operator === '&&' ? 'if-done' : operator === '||' ? 'if-failed' : 'always'
    at += 1
  }
  return commands
}

/** The words of a line as far as it goes, and the last one as it was typed: what a person may be about to complete. */
export function lastWord(line: string): {
  readonly words: readonly string[]
  readonly last: string
  readonly at: number
  readonly quote: '"' | "'" | ''
} {
  const tokens = tokensOf(line, true)
  let begin = 0
  for (const [index, token] of tokens.entries()) if (token.kind === 'operator') begin = index + 1
  const words = tokens.slice(begin)
  const last = words.at(-1)
  if (last === undefined || (/\s$/u.test(line) && last.end < line.length)) {
    return { words: words.map(({ text }) => text), last: '', at: line.length, quote: '' }
  }
  const opened = line[last.start]
  return {
    words: words.slice(0, -1).map(({ text }) => text),
    last: last.text,
    at: last.start,
    quote: opened === '"' || opened === "'" ? opened : '',
  }
}

/** A word as it must be typed to be read as this text. */
export function quoteWord(text: string, quote: '"' | "'" | '' = ''): string {
  if (quote === "'" && !text.includes("'")) return `'${text}`
  if (quote !== '') return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}`
  return text.replaceAll(/[\s"'\\;&|<>*?[\]#]/gu, String.raw`\$&`)
}

interface Token {
  readonly kind: 'word' | 'operator'
  readonly text: string
  readonly start: number
  readonly end: number
}

const endings: ReadonlySet<string> = new Set([';', '&', '&&', '||', ''])

function operatorAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at]
  return token?.kind === 'operator' ? token.text : token === undefined ? '' : 'word'
}

function tokensOf(line: string, unfinished = false): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < line.length;) {
    const character = line[at] ?? ''
    if (/\s/u.test(character)) at += 1
    else if (character === '#' && tokens.at(-1)?.end !== at) break
    else if (';&|>'.includes(character)) {
      const end = at + (line[at + 1] === character && character !== ';' ? 2 : 1)
      tokens.push({ kind: 'operator', text: line.slice(at, end), start: at, end })
      at = end
    } else {
      const word = readWord(line, at, unfinished)
      tokens.push({ kind: 'word', text: word.text, start: at, end: word.end })
      at = word.end
    }
  }
  return tokens
}

function readWord(line: string, start: number, unfinished: boolean): { text: string; end: number } {
  let text = ''
  let at = start
  let quote = ''
  for (; at < line.length; at += 1) {
    const character = line[at] ?? ''
    if (quote === '' && (/\s/u.test(character) || ';&|>'.includes(character))) break
    if (character === '\\' && quote !== "'") {
      at += 1
      // A pattern's letter that is to be itself stays marked as such for the pattern.
      text += '*?['.includes(line[at] ?? '') && line[at] !== undefined ? `\\${line[at]}` : (line[at] ?? '')
    } else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else text += character
  }
  if (quote !== '' && !unfinished) throw new LineError(`a ${quote} is not closed`)
  return { text, end: at }
}
