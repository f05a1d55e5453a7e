import { NetworkError } from '../../../core/error.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { LoggedIn } from '../logged-in.ts'
import { Refused } from '../refused.ts'
import { wholeNumber } from './represent.ts'

/**
 * SITE DIAG: how this session looks from the server, so that a client behind a router sees what the router made of it.
 * The lines are `name: value`, for `ferry doctor` to read.
 */
export async function diagnosis(login: LoggedIn, argument: string): Promise<Reply> {
  const [word = '', port = ''] = argument.trim().split(/ +/u)
  if (word === '') return reply(211, 'This is what the server sees:', ...linesOf(login), 'End.')
  if (word.toUpperCase() !== 'CONNECT') throw new Refused(501, 'SITE DIAG, or SITE DIAG CONNECT port.')
  return connectBack(login, wholeNumber(port) ?? 0)
}

function linesOf({ visit, portArgument }: LoggedIn): readonly string[] {
  const { conn, server } = visit
  const { passive, publicAddress, active } = server.settings
  return [
    `peer: ${conn.remote.address} port ${conn.remote.port}`,
    `server: ${conn.local.address} port ${conn.local.port}`,
    `control: ${conn.secure ? 'encrypted' : 'in clear'}`,
    ...(portArgument === undefined ? [] : [`port-argument: ${portArgument}`]),
    `passive: ${typeof passive === 'string' ? passive : `${passive.first}-${passive.last}`}`,
    `public-address: ${publicAddress ?? 'none set'}`,
    `active: ${active ? 'on' : 'off'}`,
  ]
}

const longestKnockMs = 8000

const fileServerPorts = [21, 22, 990]

/** Connects to the client, and to nobody else (RFC 2577 §3), and leaves at once. */
async function connectBack({ visit }: LoggedIn, port: number): Promise<Reply> {
  const { conn, server } = visit
  if (!server.settings.active) return reply(502, 'Active mode is off on this server.')
  // Only what file servers listen on: nobody else's service below 1024 is to be knocked at (RFC 2577 §3).
  if (!fileServerPorts.includes(port) && (port < 1024 || port > 65_535))
    return reply(501, 'A port from 1024 to 65535, or one that file servers have.')
  const { address } = conn.remote
  try {
    const back = await server.network.connect({
      host: address,
      port,
      // Whoever asks waits for the answer: what does not come by then is dropped somewhere.
      timeoutMs: Math.min(server.settings.dataConnectMs, longestKnockMs),
    })
    back.destroy()
    return reply(200, `Connected to ${address} port ${port}.`)
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    return reply(425, `Cannot connect to ${address} port ${port}: ${thrown.message}.`)
  }
}
