import { decodeText } from '../core/text.ts'
import type { Speaks } from './step.ts'

/** Tells a protocol by its first bytes; `ftp` for whatever begins as a reply does, also when it is SMTP's. */
export function speaks(first: Uint8Array): Speaks {
  if (first.length === 0) return 'nothing'
  const [kind = 0, major = 0] = first
  if ((kind === 0x15 || kind === 0x16) && (major === 3 || first.length === 1)) return 'tls'
  const text = decodeText(first.subarray(0, 256))
  if (text.startsWith('SSH-')) return 'ssh'
  if (text.startsWith('HTTP/') || text.startsWith('<!DOCTYPE') || text.startsWith('<html')) return 'http'
  if (/^220[ -][^\n]*\bE?SMTP\b/u.test(text)) return 'smtp'
  if (/^\d{1,3}$/u.test(text) || /^[1-6]\d\d[ \-\r\n]/u.test(text)) return 'ftp'
  if ('SSH-'.startsWith(text) || 'HTTP/'.startsWith(text)) return 'ftp'
  return 'unknown'
}
