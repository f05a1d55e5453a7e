import { ProtocolError } from '../core/error.ts'
import { decodeText, encodeText } from '../core/text.ts'

/** One line of the protocol of rcp, which scp took over. */
export type ScpLine =
  | { readonly kind: 'file'; readonly mode: number; readonly size: number; readonly name: string }
  | { readonly kind: 'directory'; readonly mode: number; readonly name: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'times'; readonly modified: Date }
  /** The other side could not do something. */
  | { readonly kind: 'trouble'; readonly text: string; readonly fatal: boolean }

/** A name of 255 bytes and what stands before it, or a message. */
export const longestLine = 4096

/** Reads a line without its end. A name that is more than a name would be written where nobody wants it. */
export function parseLine(line: Uint8Array): ScpLine {
  const text = decodeText(line)
  if (text.startsWith('\u0001') || text.startsWith('\u0002'))
    return { kind: 'trouble', text: text.slice(1), fatal: text.startsWith('\u0002') }
  if (text === 'E') return { kind: 'end' }
  const times = /^T(\d{1,12}) \d{1,9} \d{1,12} \d{1,9}$/u.exec(text)
  if (times !== null) return { kind: 'times', modified: new Date(Number(times[1]) * 1000) }
  const found = /^([CD])([0-7]{4}) (\d{1,16}) (.+)$/su.exec(text)
  const [, sign, mode = '', digits = '', name = ''] = found ?? []
  const size = Number(digits)
  if (sign === undefined || !Number.isSafeInteger(size))
    throw new ProtocolError('a line that scp does not know')
  if (!isName(name)) throw new ProtocolError('a name that is none')
  const permissions = Number.parseInt(mode, 8)
  return sign === 'C'
    ? { kind: 'file', mode: permissions, size, name }
    : { kind: 'directory', mode: permissions, name }
}

/** The bytes of a line, its end included; the name must be one (`isName`). */
export function formatLine(line: Exclude<ScpLine, { kind: 'trouble' }>): Uint8Array {
  return encodeText(`${textOf(line)}\n`)
}

/** Whether a text can be the name of one file, on one line. */
export function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0\n]/u.test(name)
}

function textOf(line: Exclude<ScpLine, { kind: 'trouble' }>): string {
  switch (line.kind) {
    case 'end':
      return 'E'
    case 'times': {
      const seconds = Math.max(0, Math.floor(line.modified.getTime() / 1000))
      return `T${seconds} 0 ${seconds} 0`
    }
    case 'file':
      return `C${octal(line.mode)} ${line.size} ${line.name}`
    case 'directory':
      return `D${octal(line.mode)} 0 ${line.name}`
  }
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}
