import type { Clock } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import type { Conn, Network } from '../../core/network.ts'
import type { Ask } from '../../core/remote.ts'
import { connectSsh } from './connect.ts'
import type { SshConnection } from './connection.ts'
import type { HostAccess, SshHosts } from './hosts.ts'
import { parseHop } from './jump.ts'

/** What it takes to get to a host that is known by name. */
export interface DialOptions {
  readonly network: Network
  readonly clock: Clock
  /** Who knows the hosts on the way. */
  readonly hosts: SshHosts
  readonly ask: Ask
  readonly said?: (from: 'client' | 'server' | 'note', line: string) => void
  readonly silenceMs?: number
  /** Algorithms that are on for this host only, beside those that it is known to need. */
  readonly legacy?: readonly string[]
  /** How many channels at once; what suits a client if not said. */
  readonly channels?: number
  readonly signal?: AbortSignal
}

/** A connection that is logged in, and what ends it and those that it goes through. */
export interface Dialled {
  readonly ssh: SshConnection
  readonly end: () => Promise<void>
}

/** Connects to a host and logs in, through others where that is the way. */
export async function dialSsh(access: HostAccess, options: DialOptions): Promise<Dialled> {
  const open: SshConnection[] = []
  const end = async (): Promise<void> => {
    for (const ssh of open.toReversed()) await ssh.end()
  }
  try {
    const conn = await way(access, options, open)
    const ssh = await login(access, options, conn)
    open.push(ssh)
    return { ssh, end }
  } catch (thrown) {
    await end()
    throw thrown
  }
}

const connectMs = 30_000

/** More hops are a circle. */
const mostHops = 8

/** The connection to the host: straight, or through the hosts that stand before it. */
async function way(access: HostAccess, options: DialOptions, open: SshConnection[]): Promise<Conn> {
  if (access.through.length > mostHops) {
    throw new NetworkError('failed', `there are more than ${mostHops} hosts on the way to ${access.hostName}`)
  }
  let last: SshConnection | undefined
  for (const text of access.through) {
    const hop = parseHop(text)
    if (hop === undefined) throw new NetworkError('no-such-address', `ProxyJump names no host: ${text}`)
    const between = await options.hosts.find(hop)
    last = await login(between, options, await connectTo(between, options, last))
    open.push(last)
  }
  return connectTo(access, options, last)
}

function connectTo(
  { hostName, port }: HostAccess,
  { network, silenceMs, signal }: DialOptions,
  through: SshConnection | undefined,
): Promise<Conn> {
  if (through !== undefined) return through.openDirect(hostName, port)
  return network.connect({
    host: hostName,
    port,
    muchMayCome: true,
    timeoutMs: Math.min(silenceMs ?? connectMs, connectMs),
    ...(signal === undefined ? {} : { signal }),
  })
}

function login(
  access: HostAccess,
  { clock, ask, said, silenceMs, signal, channels, legacy = [] }: DialOptions,
  conn: Conn,
): Promise<SshConnection> {
  return connectSsh({
    conn,
    clock,
    host: access.keyName,
    port: access.port,
    user: access.user,
    trust: access.trust,
    keys: access.keys,
    ask,
    ...(said === undefined ? {} : { said }),
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(channels === undefined ? {} : { channels }),
    legacy: [...legacy, ...(access.legacy ?? [])],
    ...(signal === undefined ? {} : { signal }),
  })
}
