/** A line on a terminal: what was typed, or what was printed. */
export interface Shown {
  readonly kind: 'typed' | 'printed'
  readonly text: string
}

const size = 14
const lineHeight = 20
const letterWidth = size * 0.6
const margin = 20

/** The lines as an SVG picture of a terminal. */
export function terminalPicture(lines: readonly Shown[]): string {
  const longest = Math.max(...lines.map(({ text }) => text.length + 2))
  const width = Math.ceil(longest * letterWidth + 2 * margin)
  const height = lines.length * lineHeight + 2 * margin
  const rows = lines.map((line, index) => row(line, margin + (index + 0.75) * lineHeight))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="#101820"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${size}" xml:space="preserve">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function row({ kind, text }: Shown, y: number): string {
  const colour = kind === 'typed' ? '#ffffff' : '#b8c7d6'
  const words = kind === 'typed' ? `$ ${text}` : text
  return `<text x="${margin}" y="${y}" fill="${colour}">${escaped(words)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
