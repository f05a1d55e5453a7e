import { FileError } from '../core/error.ts'
import { decodeText, encodeText } from '../core/text.ts'

export const schemes = ['ftp', 'ftps', 'ftpes', 'sftp', 'tftp'] as const
export type Scheme = (typeof schemes)[number]

/** A path of this machine, as it was typed. */
export interface LocalLocation {
  readonly kind: 'local'
  readonly path: string
}

/** A place on another machine. */
export interface RemoteLocation {
  readonly kind: 'remote'
  readonly scheme: Scheme
  readonly host: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  /** Begins at the login directory, unless it begins with a slash. */
  readonly path: string
  /** `;type=a`: the file is text, and its line ends are to be those of the reader. */
  readonly text: boolean
}

export type Location = LocalLocation | RemoteLocation

/**
 * Reads what a person types for a place: a URL as curl reads it, or a path of this machine. In FTP's URLs the path begins
 * where the login lands, and `%2f` in front makes it absolute (RFC 1738 section 3.2.2); in SFTP's it is absolute, and `/~/`
 * leads to the login directory. `#` and `?` are letters of names like any others.
 */
export function parseLocation(text: string): Location {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/isu.exec(text)
  if (parts === null) return { kind: 'local', path: text }
  const [, scheme = '', authority = '', path = ''] = parts
  const name = scheme.toLowerCase()
  if (name === 'file') return fileLocation(authority, path)
  if (!isScheme(name)) {
    throw new FileError('invalid', `ferry knows no ${name}:// (it knows ${schemes.join(', ')} and file)`)
  }
  const { login, host, port } = splitAuthority(authority, path)
  const { plain, type } = name === 'sftp' ? { plain: path, type: undefined } : splitType(path)
  return {
    kind: 'remote',
    scheme: name,
    host,
    port,
    ...readLogin(login),
    path: remotePath(name, plain),
    text: type === 'a',
  }
}

/** The same place as a URL that shows no password. */
export function formatLocation({ scheme, host, port, user }: RemoteLocation, path: string): string {
  const login = user === undefined ? '' : `${encodeURIComponent(user)}@`
  const address = host.includes(':') ? `[${host}]` : host
  const shown = encodePath(path)
  const begin = path.startsWith('/') && scheme.startsWith('ftp') ? '/%2F' : '/'
  return `${scheme}://${login}${address}${port === undefined ? '' : `:${port}`}${begin}${shown.replace(/^\//u, '')}`
}

/** What is no UTF-8 is told byte by byte, so that the URL leads to the very file. */
function encodePath(path: string): string {
  if (path.isWellFormed()) return encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F')
  return Array.from(encodeText(path), (byte) => {
    const letter = String.fromCodePoint(byte)
    if (/[\w!$&'()*+,./:;=@~-]/u.test(letter)) return letter
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

function isScheme(name: string): name is Scheme {
  return (schemes as readonly string[]).includes(name)
}

function fileLocation(authority: string, path: string): LocalLocation {
  if (authority !== '' && authority !== 'localhost') {
    throw new FileError('invalid', `file:// has three slashes, and "${authority}" would be another machine`)
  }
  return { kind: 'local', path: decodePart(path) }
}

function splitAuthority(
  authority: string,
  path: string,
): { login: string; host: string; port: number | undefined } {
  const at = authority.lastIndexOf('@')
  const login = at < 0 ? '' : authority.slice(0, at)
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.]+(?:%25[\w.-]+)?)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/iu.exec(authority.slice(at + 1)) ?? []
  const host = bracketed?.replace('%25', '%') ?? plain
  const port = digits === undefined ? undefined : Number(digits)
  if (host === undefined) {
    const slash = path.includes('@') ? ' (a "/" in a password is written %2F)' : ''
    throw new FileError('invalid', `the URL names no machine${slash}`)
  }
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw new FileError('invalid', `there is no port ${port}`)
  }
  return { login, host, port }
}

function readLogin(login: string): { user: string | undefined; password: string | undefined } {
  if (login === '') return { user: undefined, password: undefined }
  const colon = login.indexOf(':')
  if (colon < 0) return { user: decodePart(login), password: undefined }
  return { user: decodePart(login.slice(0, colon)), password: decodePart(login.slice(colon + 1)) }
}

/** `;type=a`, `i` or `d` (RFC 1738 section 3.2.2), which other URLs than FTP's do not know; TFTP's take it too. */
function splitType(path: string): { plain: string; type: string | undefined } {
  const [, plain = path, type] = /^(.*);type=([aid])$/isu.exec(path) ?? []
  const isDirectory = type?.toLowerCase() === 'd' && !plain.endsWith('/')
  return { plain: isDirectory ? `${plain}/` : plain, type: type?.toLowerCase() }
}

function remotePath(scheme: Scheme, path: string): string {
  const decoded = decodePart(path)
  if (scheme.startsWith('sftp')) return decoded.startsWith('/~') ? decoded.replace(/^\/~\/?/u, '') : decoded
  return decoded.replace(/^\//u, '')
}

/** Line ends in a path would become commands of their own on the wire, NUL would end it: both are refused here already. */
function decodePart(text: string): string {
  const bytes: number[] = []
  for (let at = 0; at < text.length;) {
    const hex = /^%([0-9a-f]{2})/iu.exec(text.slice(at, at + 3))?.[1]
    if (hex === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
      bytes.push(...encodeText(character))
      at += character.length
    } else {
      bytes.push(Number.parseInt(hex, 16))
      at += 3
    }
  }
  const decoded = decodeText(Uint8Array.from(bytes))
  // eslint-disable-next-line no-control-regex
  if (/[\r\n\u0000]/u.test(decoded)) throw new FileError('invalid', 'a URL cannot hold line ends or NUL')
  return decoded
}
