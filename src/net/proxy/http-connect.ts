import { LoginError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { ProxyTalk } from './proxy-talk.ts'

interface Login {
  readonly user: string | undefined
  readonly password: string | undefined
}

/** Asks an HTTP proxy for a connection (RFC 9110 §9.3.6). */
export async function httpConnect(
  talk: ProxyTalk,
  { user, password }: Login,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`
  if (/[\s\p{Cc}]/u.test(place)) throw new NetworkError('not-found', 'that is no name of a host')
  const lines = [`CONNECT ${place} HTTP/1.1`, `Host: ${place}`]
  if (user !== undefined) lines.push(`Proxy-Authorization: Basic ${base64(`${user}:${password ?? ''}`)}`)
  await talk.say(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`))
  const [status = ''] = (await talk.head()).split(/\r?\n/u)
  const [, code = '', reason = ''] = /^HTTP\/1\.\d (\d{3}) ?(.*)$/u.exec(status) ?? []
  if (code === '') throw new ProtocolError('that is no HTTP proxy')
  if (code === '407') throw new LoginError('the proxy wants a user name and a password, or others')
  if (!code.startsWith('2')) {
    const fault = code === '403' ? 'not-permitted' : code === '504' ? 'timeout' : 'failed'
    throw new NetworkError(fault, `the proxy says: ${code} ${reason}`.trimEnd())
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
