import { ProtocolError } from '../../core/error.ts'

/** The longest version line, with its CR LF (RFC 4253 §4.2). */
export const longestVersion = 255

/** How much a server may say before its version line. */
const longestPreface = 8192

/** What the other side speaks instead of SSH 2. */
export class ForeignProtocol extends ProtocolError {
  readonly protocol: string

  constructor(protocol: string, hint?: string) {
    super(
      `the other side speaks ${protocol}, and this is SSH 2`,
      hint === undefined ? {} : { facts: { phase: 'greeting', retryable: false, hint } },
    )
    this.name = 'ForeignProtocol'
    this.protocol = protocol
  }
}

/**
 * Finds the version line at the beginning of a stream. `fromServer`: lines that do not begin with `SSH-` may come first.
 * undefined: more bytes are needed. The line is without its end; `used` is where the packets begin.
 */
export function parseVersion(
  bytes: Uint8Array,
  fromServer: boolean,
): { readonly line: string; readonly used: number } | undefined {
  for (let at = 0; ;) {
    const feed = bytes.indexOf(0x0a, at)
    const end = feed === -1 ? bytes.length : feed
    const text = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + at,
      Math.min(end - at, longestVersion + 1),
    ).toString('latin1')
    if (!fromServer) mustLookLikeSsh(text)
    // It waits for a command, and would let us wait for our version line.
    if (fromServer && at === 0 && /^220[ -]/u.test(text))
      throw new ForeignProtocol('FTP', 'An FTP server is reached by ftp:// or ftpes://.')
    const isVersion = text.startsWith('SSH-')
    if (isVersion && end - at >= longestVersion) throw new ProtocolError('the version line is too long')
    if (feed === -1) {
      if (bytes.length > longestPreface) throw new ProtocolError('no version line came')
      return undefined
    }
    if (isVersion) return { line: checked(text.endsWith('\r') ? text.slice(0, -1) : text), used: feed + 1 }
    at = feed + 1
    if (at > longestPreface) throw new ProtocolError('no version line came')
  }
}

function checked(line: string): string {
  if (line.startsWith('SSH-2.0-') || line.startsWith('SSH-1.99-')) {
    if (line.includes('\0')) throw new ProtocolError('a version line with a zero in it')
    return line
  }
  throw new ForeignProtocol(`SSH ${line.split('-')[1] ?? ''}`.trim())
}

/** A client's first bytes tell at once when it is at the wrong door. */
function mustLookLikeSsh(text: string): void {
  if (text.startsWith('SSH-') || 'SSH-'.startsWith(text)) return
  if (text.startsWith('\x16\x03')) throw new ForeignProtocol('TLS')
  if (/^(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT|DELETE|PRI) /u.test(text)) throw new ForeignProtocol('HTTP')
  if (/^(?:USER|AUTH|FEAT|SYST|HELP)\b/iu.test(text)) throw new ForeignProtocol('FTP')
  throw new ForeignProtocol('something else')
}
