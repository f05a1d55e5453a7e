import type { Peer } from '../../core/network.ts'
import type { ServerEvent, TlsPurpose } from '../../core/event.ts'
import { cleanText } from '../clean-text.ts'
import { formatBytes } from '../format-bytes.ts'

export type Loudness = 'quiet' | 'normal' | 'verbose'

/** An event as a line for people, without its time; undefined where it is not worth one. */
export function eventLine(event: ServerEvent, loudness: Loudness): string | undefined {
  const text = words(event, loudness)
  return text === undefined ? undefined : cleanText(text)
}

function words(event: ServerEvent, loudness: Loudness): string | undefined {
  const verbose = loudness === 'verbose'
  const quiet = loudness === 'quiet'
  switch (event.kind) {
    case 'listening':
      return undefined // the first lines tell it
    case 'connected':
      return verbose ? `${from(event)} connected` : undefined
    case 'turned-away':
      return `${where(event.peer)} was turned away: ${event.reason}`
    case 'login':
      // Over TFTP every file is a login of its own; the transfer tells of it.
      return quiet || (event.protocol === 'tftp' && !verbose) ? undefined : `${who(event)} logged in`
    case 'login-failed':
      return `${from(event)} was not let in as "${event.user}": ${event.reason}`
    case 'closed':
      return verbose ? `${from(event)} is gone: ${event.reason}` : undefined
    case 'download':
    case 'upload':
      return transferWords(event, quiet)
    case 'file':
      return quiet ? undefined : `${who(event)} ${fileWords(event)}`
    case 'refused':
      return `${who(event)} was refused ${event.deed} of ${event.path}: ${event.reason}`
    case 'tls':
      return tlsWords(event, verbose, quiet)
    case 'tls-failed':
      return quiet ? undefined : `${from(event)} got no TLS for its ${tlsPurposes[event.of]}: ${event.reason}`
    case 'said':
      return verbose ? `${event.session} ${event.from === 'client' ? '>' : '<'} ${event.line}` : undefined
    case 'published':
      return event.up ? event.text : `warning: ${event.text}`
    case 'warning':
      return `warning: ${event.peer === undefined ? '' : `${where(event.peer)}: `}${event.text}`
    case 'bug':
      return `this is a mistake in ferry, please report it: ${event.text}`
  }
}

const tlsPurposes: Readonly<Record<TlsPurpose, string>> = {
  control: 'control connection',
  upload: 'upload',
  download: 'download',
}

/** What is usual is told on request only; that TLS does not prove the end of an upload, always. */
function tlsWords(
  event: ServerEvent & { kind: 'tls' },
  verbose: boolean,
  quiet: boolean,
): string | undefined {
  const { ending = 'unknown' } = event
  const proven = ending === 'closed-clean' || ending === 'unknown'
  if (quiet || (proven && !verbose)) return undefined
  const resumed = event.resumed ? ', resumed' : ''
  const shown = event.certificate === undefined ? '' : `, showing the certificate ${event.certificate}`
  const end = ending === 'unknown' ? '' : `, ended ${ending}`
  const what = tlsPurposes[event.of]
  return `${from(event)} ${what} in ${event.version} with ${event.cipher}${resumed}${shown}${end}`
}

function transferWords(
  event: ServerEvent & { kind: 'download' | 'upload' },
  quiet: boolean,
): string | undefined {
  const deed = event.kind === 'upload' ? 'upload' : 'download'
  const size = formatBytes(event.bytes)
  if (event.outcome === 'incomplete') {
    return `${who(event)} INCOMPLETE ${deed} of ${event.path}, ${size} moved: ${event.reason ?? 'unknown'}`
  }
  const seconds = event.ms / 1000
  const rate = seconds > 0.001 ? `, ${formatBytes(event.bytes / seconds)}/s` : ''
  return quiet
    ? undefined
    : `${who(event)} ${deed}ed ${event.path}, ${size} in ${seconds.toFixed(2)} s${rate}`
}

function fileWords(event: ServerEvent & { kind: 'file' }): string {
  switch (event.deed) {
    case 'remove':
      return `removed ${event.path}`
    case 'mkdir':
      return `made the directory ${event.path}`
    case 'rmdir':
      return `removed the directory ${event.path}`
    case 'rename':
      return `renamed ${event.path} to ${event.to ?? '?'}`
    case 'change':
      return `changed ${event.path}`
    case 'link':
      return `made the link ${event.path}`
  }
}

function who(event: { readonly account: string; readonly peer: Peer }): string {
  return `${event.account}@${where(event.peer)}`
}

function from(event: { readonly peer: Peer }): string {
  return where(event.peer)
}

function where({ address }: Peer): string {
  return address.includes(':') ? `[${address}]` : address
}
