import { userInfo } from 'node:os'
import { LoginError, NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { RemoteOptions, RemoteStore } from '../../core/remote.ts'
import { connectSsh } from '../../ssh/client/connect.ts'
import type { SshConnection } from '../../ssh/client/connection.ts'
import type { HostAccess, SshHosts } from '../../ssh/client/hosts.ts'
import { parseHop } from '../../ssh/client/jump.ts'
import { knownHostsInMemory } from '../../ssh/known-hosts/files.ts'
import { knownHosts } from '../../ssh/known-hosts/trust.ts'
import { openSftp } from './remote.ts'

export interface SftpOptions extends RemoteOptions {
  /** Who knows the host, its key and ours. If nobody does, each key of a host is asked about, and there are no keys to show. */
  readonly hosts?: SshHosts
  /** Algorithms that are on for this server only, an old device: `ssh-rsa`. */
  readonly legacy?: readonly string[]
}

/** Connects to a server over SSH, through others where that is the way, and begins a session of SFTP. */
export async function connectSftp(options: SftpOptions): Promise<RemoteStore> {
  const hosts = options.hosts ?? strangers(options)
  const access = await hosts.find(wanted(options))
  const open: SshConnection[] = []
  const endAll = async (): Promise<void> => {
    for (const ssh of open.toReversed()) await ssh.end()
  }
  try {
    const ssh = await login(options, access, await way(options, hosts, access, open))
    open.push(ssh)
    const channel = await ssh.openSubsystem('sftp')
    return await openSftp({
      conn: channel,
      clock: options.clock,
      url: urlOf(options, access),
      ended: endAll,
      // A server that shows uploads only when they are whole would take the second handle for another file; sshd does not.
      ...(ssh.serverVersion.startsWith('SSH-2.0-OpenSSH_') ? { more: () => ssh.openSubsystem('sftp') } : {}),
      ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    })
  } catch (thrown) {
    await endAll()
    throw thrown
  }
}

const connectMs = 30_000

/** More hops are a circle. */
const mostHops = 8

/** The connection to the host: straight, or through the hosts that stand before it. */
async function way(
  options: SftpOptions,
  hosts: SshHosts,
  access: HostAccess,
  open: SshConnection[],
): Promise<Conn> {
  if (access.through.length > mostHops) {
    throw new NetworkError('failed', `there are more than ${mostHops} hosts on the way to ${access.hostName}`)
  }
  let last: SshConnection | undefined
  for (const text of access.through) {
    const hop = parseHop(text)
    if (hop === undefined) throw new NetworkError('no-such-address', `ProxyJump names no host: ${text}`)
    const between = await hosts.find(hop)
    last = await login(options, between, await connectTo(options, between, last))
    open.push(last)
  }
  return connectTo(options, access, last)
}

function connectTo(
  { network, silenceMs, signal }: SftpOptions,
  { hostName, port }: HostAccess,
  through: SshConnection | undefined,
): Promise<Conn> {
  if (through !== undefined) return through.openDirect(hostName, port)
  return network.connect({
    host: hostName,
    port,
    timeoutMs: Math.min(silenceMs ?? connectMs, connectMs),
    ...(signal === undefined ? {} : { signal }),
  })
}

function login(options: SftpOptions, access: HostAccess, conn: Conn): Promise<SshConnection> {
  const { clock, ask, said, silenceMs, signal } = options
  const legacy = [...(options.legacy ?? []), ...(access.legacy ?? [])]
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
    legacy,
    ...(signal === undefined ? {} : { signal }),
  })
}

function wanted({ host, port, user }: SftpOptions): { host: string; port?: number; user?: string } {
  return { host, ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user }) }
}

/** Nothing is known of any host, and what is learned is forgotten with the connection. */
function strangers({ ask, clock }: RemoteOptions): SshHosts {
  const trust = knownHosts({ files: knownHostsInMemory(), ask, clock })
  return {
    async find({ host, port = 22, user = localUser() }) {
      return { hostName: host, keyName: host, port, user, trust, keys: noKeys(), through: [] }
    },
  }
}

function localUser(): string {
  try {
    return userInfo().username
  } catch (cause) {
    throw new LoginError('no user is named, and this machine has no name for you either', { cause })
  }
}

async function* noKeys(): AsyncGenerator<never> {
  yield* []
}

function urlOf({ host, port }: SftpOptions, { user }: HostAccess): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `sftp://${encodeURIComponent(user)}@${name}${port === undefined || port === 22 ? '' : `:${port}`}/`
}
