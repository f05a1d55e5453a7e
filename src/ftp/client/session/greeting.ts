import { NetworkError, ProtocolError } from '../../../core/error.ts'
import { decodeText } from '../../../core/text.ts'
import type { Control } from './control.ts'
import { saidBy } from '../faults.ts'
import type { ClientHouse } from '../house.ts'

/** A server that says 120 again and again will never say 220. */
const mostDelays = 10

/** Both take the two bytes of a doubled 255 for two letters: `я` of Windows-1251, `ÿ` of Latin-1 would be there twice. */
const withoutTelnet = /\bvsFTPd\b|\bPure-FTPd\b/u

/**
 * Servers that read all they are sent, one command after another, also what has come before they were ready. Of others nobody
 * knows before it was tried, and some lose what comes too early (IIS, MikroTik).
 */
const takesTogether = /\b(?:vsFTPd|ProFTPD|Pure-FTPd|pyftpdlib|Ferry FTP server)\b/u

/** Hears the greeting: 220, at once or after a 120 (RFC 959 §5.4). Whoever else speaks there is told by name. */
export async function hearGreeting(control: Control, { host, together }: ClientHouse): Promise<void> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${control.conn.remote.port}`
  let reply
  try {
    reply = await control.reply()
    for (let more = 0; reply.code < 200 && more < mostDelays; more += 1) reply = await control.reply()
  } catch (thrown) {
    throw foreign(control.begun, place) ?? explained(thrown, place)
  }
  if (/^E?SMTP\b|\bE?SMTP\b/u.test(reply.lines[0] ?? '')) throw wrong('a mail server', undefined)
  if (reply.code === 220) {
    if (reply.lines.some((line) => takesTogether.test(line))) together.expect()
    control.telnet = !reply.lines.some((line) => withoutTelnet.test(line))
    return
  }
  control.destroy()
  throw new NetworkError('refused', 'the server does not take us in now', {
    facts: {
      ...saidBy(reply),
      phase: 'greeting',
      retryable: reply.code < 500,
      connectionUsable: false,
      hint: 'It may have too many connections: try again later, or use fewer at once.',
    },
  })
}

function foreign(first: Uint8Array, place: string): ProtocolError | undefined {
  const text = decodeText(first.subarray(0, 64))
  if (text.startsWith('SSH-')) return wrong('an SSH server', `sftp://${place}/`)
  if (/^HTTP\/|^<(?:!DOCTYPE|html)/iu.test(text)) return wrong('a web server', undefined)
  if (first[0] === 0x15 || first[0] === 0x16)
    return wrong('a server that wants TLS first', `ftps://${place}/`)
  if (first.length === 0 || /^\d/u.test(text)) return undefined
  return wrong('something else', undefined)
}

function wrong(what: string, url: string | undefined): ProtocolError {
  const hint = url === undefined ? 'Is it the right port?' : `Use ${url} instead.`
  return new ProtocolError(`that is ${what}, and does not speak FTP`, {
    facts: { phase: 'greeting', retryable: false, connectionUsable: false, hint },
  })
}

function explained(thrown: unknown, place: string): unknown {
  // Who said already what to do about it, as TLS does, knows better.
  if (!(thrown instanceof NetworkError) || thrown.facts.hint !== undefined) return thrown
  const silent = thrown.fault === 'timeout'
  return new NetworkError(
    thrown.fault,
    silent ? 'the port takes the connection and says nothing' : `no greeting came: ${thrown.message}`,
    {
      cause: thrown,
      facts: {
        phase: 'greeting',
        retryable: true,
        connectionUsable: false,
        hint: silent
          ? `A server that wants TLS first waits like that: try ftps://${place}/.`
          : 'It may be full, or have banned this address: ferry doctor finds out more.',
      },
    },
  )
}
