import { counted } from '../core/counted.ts'
import type { SessionNow } from '../server/serve.ts'
import { age } from './age.ts'
import { cleanText } from './clean-text.ts'
import { formatBytes } from './format-bytes.ts'
import { padToWidth, textWidth } from './text-width.ts'

/** When this look was, how long the one before is past, and how much each session had moved by then. */
export interface Look {
  readonly now: number
  readonly sinceMs: number
  readonly before: ReadonlyMap<string, number>
}

/** How much a terminal can show; what is left out is not limited, as on a pipe. */
export interface Screen {
  readonly columns?: number
  readonly rows?: number
}

const titles = ['ID', 'PROTO', 'USER', 'FROM', 'FOR', 'RATE', 'WHAT']

/** The table of `ferry top`, the busiest first: columns as wide as what is in them, and lines no longer than the screen. */
export function topTable(sessions: readonly SessionNow[], look: Look, screen: Screen = {}): string {
  const { columns = Infinity, rows = Infinity } = screen
  const transfers = sessions.reduce((sum, session) => sum + session.transfers.length, 0)
  const head = `${counted(sessions.length, 'session')}, ${counted(transfers, 'transfer')}`
  const all = sessions.toSorted((one, other) => movedBy(other) - movedBy(one))
  // The head, the titles, the line that tells of the rest, and the one where the cursor stands.
  const shown = all.length + 3 <= rows ? all : all.slice(0, Math.max(0, rows - 4))
  const table = [titles, ...shown.map((session) => cellsOf(session, look))]
  const widths = titles.map((_, column) => Math.max(...table.map((cells) => textWidth(cells[column] ?? ''))))
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => padToWidth(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const rest = all.length - shown.length
  return [head, ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])]
    .map((line) => cutTo(line, columns))
    .join('\n')
}

/** How many bytes the transfers of a session have moved. */
export function movedBy({ transfers }: SessionNow): number {
  return transfers.reduce((sum, { bytes }) => sum + bytes, 0)
}

function cellsOf(session: SessionNow, look: Look): readonly string[] {
  const { id, protocol, account = '-', address, since, transfers, tls } = session
  return [
    id,
    protocol === 'ftp' && tls !== undefined ? 'ftp+tls' : protocol,
    cleanText(account),
    address,
    age(look.now - since),
    rateOf(session, look),
    transfers
      .map(
        ({ direction, path, bytes }) =>
          `${direction === 'upload' ? '↑' : '↓'} ${formatBytes(bytes)} ${cleanText(path)}`,
      )
      .join(', '),
  ]
}

function rateOf(session: SessionNow, { before, sinceMs }: Look): string {
  const known = before.get(session.id)
  const moved = movedBy(session)
  if (known === undefined || sinceMs <= 0 || moved < known) return ''
  return `${formatBytes(((moved - known) * 1000) / sinceMs)}/s`
}

function cutTo(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line
  let cut = ''
  for (const letter of line) {
    if (textWidth(cut + letter) >= columns) break
    cut += letter
  }
  return `${cut}…`
}
