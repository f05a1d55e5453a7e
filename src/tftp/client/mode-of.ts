import type { Path } from '../../core/path.ts'

/** How a path is asked for: without its first slash, as in a URL, and in the mode that stands behind it (RFC 3617 §3). */
export function modeOf(
  path: Path,
  usual: 'octet' | 'netascii',
): { readonly name: string; readonly mode: 'octet' | 'netascii' } {
  const found = /^(.+);mode=(octet|netascii)$/u.exec(path)
  const name = (found?.[1] ?? path).slice(1)
  if (found === null) return { name, mode: usual }
  return { name, mode: found[2] === 'netascii' ? 'netascii' : 'octet' }
}
