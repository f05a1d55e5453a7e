import { encodeText } from '../../core/text.ts'
import type { FtpScript } from './script.ts'

/** How long the file is that scenarios are about. */
export const fileLength = 100_000

/** The file that scenarios are about: no part of it looks like another. */
export const fileBytes: Uint8Array = Uint8Array.from(
  { length: fileLength },
  (_, at) => (at * 31 + (at >> 8) * 17 + (at >> 16)) & 255,
)

/** The content of a path; undefined: there is no such file. */
export function contentOf(
  script: FtpScript,
  stored: ReadonlyMap<string, Uint8Array>,
  path: string,
): Uint8Array | undefined {
  const absolute = `/${path.replace(/^\/+/u, '')}`
  const content = stored.get(absolute) ?? filesOf(script)[absolute]
  return typeof content === 'string' ? encodeText(content) : content
}

/** What LIST, NLST or MLSD sends. */
export function listingOf(script: FtpScript, verb: string): Uint8Array {
  if (verb === 'MLSD') return bytesOf(script.facts ?? '')
  const names = Object.entries(filesOf(script)).map(([path, content]) => ({
    name: path.slice(1),
    size: bytesOf(content).length,
  }))
  if (verb === 'NLST') return encodeText(names.map(({ name }) => `${name}\r\n`).join(''))
  if (script.listing !== undefined) return bytesOf(script.listing)
  const lines = names.map(
    ({ name, size }) => `-rw-r--r--   1 ftp      ftp      ${size} Jan  2  2026 ${name}\r\n`,
  )
  return encodeText(lines.join(''))
}

function filesOf(script: FtpScript): Readonly<Record<string, string | Uint8Array>> {
  return script.files ?? { '/file.bin': fileBytes }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? encodeText(content) : content
}
