/** As narrow as terminals are. */
const width = 80
const column = 32

/** A line of help: how something is typed, and behind it what it does, which goes on below where the line is full. */
export function helpLine(usage: string, does: string): string {
  const lines = [`  ${usage}`]
  if (usage.length + 3 > column) lines.push('')
  for (const word of does.split(' ')) {
    const line = (lines.at(-1) ?? '').padEnd(column)
    const next = `${line}${line.length > column ? ' ' : ''}${word}`
    if (next.length < width || line.length === column) lines[lines.length - 1] = next
    else lines.push(`${' '.repeat(column)}${word}`)
  }
  return lines.join('\n')
}
