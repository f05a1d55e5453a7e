/** One line of a remap file. */
export interface RemapRule {
  readonly pattern: RegExp
  readonly replacement: readonly Piece[]
  readonly rewrite: boolean
  /** Repeated until it matches no more. */
  readonly global: boolean
  readonly exit: boolean
  readonly again: boolean
  readonly refuse: boolean
  readonly inverse: boolean
  readonly deed: 'read' | 'write' | undefined
  readonly family: 4 | 6 | undefined
}

/** A part of what is written in place of a match. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly index: number }
  | { readonly kind: 'address' }
  | { readonly kind: 'hexadecimal' }
  | { readonly kind: 'letters'; readonly to: 'upper' | 'lower' | 'same' }

/** Reads one line; undefined: there is no rule in it. */
export function parseRemapRule(line: string, number: number): RemapRule | undefined {
  const [operation = '', expression, replacement = ''] = fields(line)
  if (operation === '') return undefined
  const wrong = (what: string): Error => new Error(`line ${number} of the remap file ${what}`)
  const unknown = /[^rgiesaGP46~]/u.exec(operation)?.[0]
  if (unknown !== undefined) throw wrong(`has the operation "${unknown}", which is none`)
  if (expression === undefined) throw wrong('has no expression')
  const has = (letter: string): boolean => operation.includes(letter)
  if (has('r') && has('~')) throw wrong('has both r and ~, which exclude one another')
  if (has('g') && !has('r')) throw wrong('has g without r, and would never end')
  return {
    pattern: patternOf(expression, has('i'), wrong),
    replacement: piecesOf(replacement),
    rewrite: has('r'),
    global: has('g'),
    exit: has('e'),
    again: has('s'),
    refuse: has('a'),
    inverse: has('~'),
    deed: has('G') ? 'read' : has('P') ? 'write' : undefined,
    family: has('4') ? 4 : has('6') ? 6 : undefined,
  }
}

/** Words apart by blanks, up to a hash mark; a backslash keeps what follows it in the word, and stays itself. */
function fields(line: string): string[] {
  const uncommented = /^(?:\\.|[^\\#])*/u.exec(line)?.[0] ?? ''
  return uncommented.match(/(?:\\.|[^\\\s])+/gu)?.slice(0, 3) ?? []
}

function patternOf(expression: string, anyCase: boolean, wrong: (what: string) => Error): RegExp {
  try {
    // Not by code points, `u`: then POSIX' freedom to put a backslash before any sign would be an error.
    // oxlint-disable-next-line require-unicode-regexp
    return new RegExp(javascriptOf(expression), anyCase ? 'i' : '')
  } catch {
    throw wrong(`has an expression that cannot be read: ${expression}`)
  }
}

/** A POSIX extended expression as JavaScript writes it: brackets, where a backslash is one, and GNU's word ends differ. */
function javascriptOf(expression: string): string {
  return expression.replaceAll(/\\[<>]|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/gu, (found) => {
    if (found === '\\<' || found === '\\>') return '\\b'
    return found.startsWith('[') ? bracketOf(found) : found
  })
}

function bracketOf(bracket: string): string {
  const [, open = '[', inner = ''] = /^(\[\^?)(.*)\]$/u.exec(bracket) ?? []
  const body = inner.replaceAll(/\[:(\w+):\]|[\\[\]]/gu, (found, name: string | undefined) =>
    name === undefined ? `\\${found}` : (classes[name] ?? found),
  )
  return `${open}${body}]`
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  xdigit: '0-9A-Fa-f',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
}

function piecesOf(text: string): Piece[] {
  return (text.match(/\\.|[^\\]+|\\$/gu) ?? []).map((part) => {
    if (!part.startsWith('\\')) return { kind: 'text', text: part }
    const letter = part.slice(1)
    if (/^\d$/u.test(letter)) return { kind: 'group', index: Number(letter) }
    return special[letter] ?? { kind: 'text', text: letter }
  })
}

const special: Readonly<Record<string, Piece>> = {
  i: { kind: 'address' },
  x: { kind: 'hexadecimal' },
  U: { kind: 'letters', to: 'upper' },
  L: { kind: 'letters', to: 'lower' },
  E: { kind: 'letters', to: 'same' },
}
