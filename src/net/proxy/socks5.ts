import { familyOf } from '../../core/address.ts'
import { LoginError, NetworkError, ProtocolError, type NetworkFault } from '../../core/error.ts'
import type { ProxyTalk } from './proxy-talk.ts'

interface Login {
  readonly user: string | undefined
  readonly password: string | undefined
}

const version = 5
const noLogin = 0
const byPassword = 2
const connectCommand = 1
const ipv4 = 1
const name = 3
const ipv6 = 4

/** Asks a SOCKS 5 proxy for a connection (RFC 1928), with a name and password where it wants them (RFC 1929). */
export async function socks5(
  talk: ProxyTalk,
  login: Login,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const methods = login.user === undefined ? [noLogin] : [noLogin, byPassword]
  await talk.say(Uint8Array.of(version, methods.length, ...methods))
  const [spoken, method] = await talk.exactly(2)
  if (spoken !== version) throw new ProtocolError('that is no SOCKS 5 proxy')
  if (method === byPassword && login.user !== undefined) await logIn(talk, login)
  else if (method !== noLogin) throw new LoginError('the proxy wants a user name and a password')
  await talk.say(Uint8Array.of(version, connectCommand, 0, ...addressBytes(host), port >> 8, port & 255))
  const [, code = 1, , kind] = await talk.exactly(4)
  if (code !== 0) {
    const [fault, why] = refusals[code] ?? ['failed', `it failed (${code})`]
    throw new NetworkError(fault, `the proxy says: ${why}`)
  }
  const length = kind === ipv4 ? 4 : kind === ipv6 ? 16 : ((await talk.exactly(1))[0] ?? 0)
  await talk.exactly(length + 2)
}

async function logIn(talk: ProxyTalk, { user = '', password = '' }: Login): Promise<void> {
  await talk.say(Uint8Array.of(1, ...counted(user), ...counted(password)))
  const [, status] = await talk.exactly(2)
  if (status !== 0) throw new LoginError('the proxy does not take the user name and password')
}

function addressBytes(host: string): readonly number[] {
  if (familyOf(host) === 4) return [ipv4, ...host.split('.').map(Number)]
  // An IPv6 address is sent as text: proxies read it like a name, and it needs no code here.
  return [name, ...counted(host)]
}

function counted(text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > 255) throw new ProtocolError('SOCKS knows no text of more than 255 bytes')
  return [bytes.length, ...bytes]
}

/** RFC 1928 §6. */
const refusals: Readonly<Record<number, readonly [NetworkFault, string]>> = {
  1: ['failed', 'it failed'],
  2: ['not-permitted', 'its rules forbid the connection'],
  3: ['unreachable', 'the network cannot be reached'],
  4: ['unreachable', 'the host cannot be reached'],
  5: ['refused', 'nothing listens there'],
  6: ['timeout', 'no answer came'],
  7: ['failed', 'it makes no connections'],
  8: ['no-such-address', 'it does not know such addresses'],
}
