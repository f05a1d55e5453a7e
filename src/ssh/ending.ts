import { NetworkError, ProtocolError, TrustError } from '../core/error.ts'
import { NothingInCommon } from './kex/negotiate.ts'
import { BadTag } from './packet/opener.ts'
import { disconnectReason } from './wire/message.ts'
import { ForeignProtocol, longestVersion } from './wire/version-line.ts'

/** How long the last words may take. */
export const mostFarewellMs = 5000

/** What is said at the end for this reason; `raw`: as a line, to who does not speak SSH 2. */
export function endingOf(reason: Error): {
  readonly code?: number
  readonly text: string
  readonly raw?: string
} {
  const text = reason.message
  if (reason instanceof ForeignProtocol)
    return { text, raw: `This is an SFTP server (SSH 2), not ${reason.protocol}.` }
  if (reason instanceof NetworkError) return { text }
  if (reason instanceof BadTag) return { code: disconnectReason.macError, text }
  if (reason instanceof NothingInCommon) return { code: disconnectReason.keyExchangeFailed, text }
  if (reason instanceof ProtocolError) return { code: disconnectReason.protocolError, text }
  if (reason instanceof TrustError)
    return { code: disconnectReason.hostKeyNotVerifiable, text: 'the host key is not trusted' }
  return { code: disconnectReason.byApplication, text: 'an error on this side' }
}

/** Servers that are full, or do not want us, say so in a line where the version should be, and go. */
export function closedBefore(role: 'client' | 'server', said: Uint8Array): NetworkError {
  const text = 'the other side closed the connection'
  const [line = ''] = Buffer.from(said)
    .toString()
    .trim()
    .split(/[\r\n]/u)
  if (role === 'server' || line === '') return new NetworkError('closed', text)
  const reply = line.slice(0, longestVersion)
  return new NetworkError('closed', `${text} before it spoke SSH`, { facts: { phase: 'greeting', reply } })
}
