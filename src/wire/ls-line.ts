import { dayMs } from '../core/day.ts'
import type { Row, Rows } from '../core/rows.ts'
import type { EntryKind } from '../core/store.ts'
import { tellable, twoDigits } from './date.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const halfAYear = (31_556_952 / 2) * 1000
const nobody = 'ferry   '
const letters: Readonly<Record<EntryKind, string>> = { file: '-', directory: 'd', link: 'l', other: 'p' }
const usualModes: Readonly<Record<EntryKind, number>> = {
  file: 0o644,
  directory: 0o755,
  link: 0o777,
  other: 0o644,
}

/**
 * One line as `ls -l` prints it in the C locale, which every client can read; times are UTC. `links`: whether it is said where a link
 * leads, as `ls -l` does.
 */
export function formatLine(
  row: Row,
  now: number,
  links: 'with-target' | 'without-target' = 'with-target',
): string {
  const size = String(row.size).padStart(8)
  const name = printable(row.name)
  const isTold = links === 'with-target' && row.kind === 'link'
  const target = isTold && row.target !== undefined ? ` -> ${printable(row.target)}` : ''
  return `${frontOf(row)} ${size} ${dateText(row.modified, now)} ${name}${target}`
}

/** A batch of lines, each with its CRLF. */
export function formatListing(rows: Rows, now: number): string {
  let text = ''
  rows((row) => {
    text += `${formatLine(row, now)}\r\n`
  })
  return text
}

/** What stood before the last size: files of one directory mostly have it in common, and to look is cheaper than to make it. */
let last: Partial<Row> = {}
let lastFront = ''

/** Mode, links, owner and group. */
function frontOf(row: Row): string {
  const { kind, mode, links, owner, group } = row
  if (
    last.kind === kind &&
    last.mode === mode &&
    last.links === links &&
    last.owner === owner &&
    last.group === group
  )
    return lastFront
  const bits = modeText(kind, (mode ?? usualModes[kind]) & 0o7777)
  last = { kind, mode, links, owner, group }
  lastFront = `${bits} ${String(links ?? 1).padStart(4)} ${ownerText(owner)} ${ownerText(group)}`
  return lastFront
}

/** The day that was told last, and its year: to take a date apart costs more than the rest of a line. */
let lastDay = Number.NaN
let lastDate = ''
let lastYear = ''

/** The time for what is younger than half a year, the year for the rest and for the future: as `ls` chooses. */
function dateText(modified: Date | number, now: number): string {
  const ms = tellable(modified)
  const day = Math.floor(ms / dayMs)
  if (day !== lastDay) {
    lastDay = day
    const date = new Date(ms)
    lastDate = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`
    lastYear = String(date.getUTCFullYear()).padStart(4, '0')
  }
  const age = now - ms
  if (!(age >= 0 && age < halfAYear)) return `${lastDate}  ${lastYear}`
  const minute = Math.floor((ms - day * dayMs) / 60_000)
  return `${lastDate} ${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
}

const modeTexts = new Map<number, string>()

/** Such as `-rwsr-xr-t`. There are only 4 kinds of 4096 modes, so they are kept. */
function modeText(kind: EntryKind, mode: number): string {
  const key = letters[kind].charCodeAt(0) * 0o10000 + mode
  let text = modeTexts.get(key)
  if (text === undefined) {
    text =
      letters[kind] +
      threeBits(mode >> 6, mode & 0o4000 ? 's' : 'x') +
      threeBits(mode >> 3, mode & 0o2000 ? 's' : 'x') +
      threeBits(mode, mode & 0o1000 ? 't' : 'x')
    modeTexts.set(key, text)
  }
  return text
}

/** A special bit stands where the `x` is, as a capital where the file is not executable. */
function threeBits(bits: number, execute: string): string {
  const may = bits & 1 ? execute : execute === 'x' ? '-' : execute.toUpperCase()
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${may}`
}

/** A space in an owner would shift the columns that clients count. */
function ownerText(name: string | undefined): string {
  if (name === undefined || name === '') return nobody
  return (/[\s\p{Cc}]/u.test(name) ? name.replaceAll(/[\s\p{Cc}]/gu, '_') : name).padEnd(8)
}

/** One entry is one line: control characters are shown as `?`, as `ls -q` does. */
function printable(text: string): string {
  return /\p{Cc}/u.test(text) ? text.replaceAll(/\p{Cc}/gu, '?') : text
}
