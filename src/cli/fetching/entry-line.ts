import type { Entry } from '../../core/store.ts'
import { formatBytes } from '../format-bytes.ts'

/** An entry as `ls -l` shows it, its name as given, its size in bytes or as people read it. */
export function longLine(entry: Entry, name: string, human = false): string {
  const { links = 1, owner = '-', group = '-', target } = entry
  const columns = [modeText(entry), String(links).padStart(2), owner.padEnd(8), group.padEnd(8)]
  const arrow = target === undefined ? '' : ` -> ${target}`
  return `${columns.join(' ')} ${sizeText(entry, human).padStart(12)} ${timeText(entry.modified)} ${name}${arrow}`
}

/** A size that was told in blocks is marked, and one that nobody told is not nothing. */
function sizeText({ size, rounded }: Entry, human: boolean): string {
  const text = human ? formatBytes(size) : String(size)
  if (rounded !== true) return text
  return size === 0 ? '?' : `~${text}`
}

/** An entry as an object for programs. */
export function entryObject(entry: Entry, path: string): object {
  const { name: _name, modified, created, mode, ...rest } = entry
  return {
    path,
    ...rest,
    modified: modified.getTime() === 0 ? undefined : modified.toISOString(),
    ...(created === undefined ? {} : { created: created.toISOString() }),
    ...(mode === undefined ? {} : { mode: octal(mode) }),
  }
}

export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`
}

/** A time of this machine's zone, to the minute; nothing where the other side did not tell it. */
export function timeText(time: Date): string {
  if (time.getTime() === 0) return '-'.padEnd(16)
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

const kinds = { file: '-', directory: 'd', link: 'l', other: '?' } as const

function modeText({ kind, mode }: Entry): string {
  if (mode === undefined) return `${kinds[kind]}?????????`
  const letters = Array.from('rwxrwxrwx', (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'))
  if (mode & 0o4000) letters[2] = letters[2] === 'x' ? 's' : 'S'
  if (mode & 0o2000) letters[5] = letters[5] === 'x' ? 's' : 'S'
  if (mode & 0o1000) letters[8] = letters[8] === 'x' ? 't' : 'T'
  return `${kinds[kind]}${letters.join('')}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
