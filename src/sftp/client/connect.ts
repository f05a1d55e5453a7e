import { userInfo } from 'node:os'
import { LoginError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { RemoteOptions, RemoteStore } from '../../core/remote.ts'
import type { Channel } from '../../ssh/channel.ts'
import { dialSsh } from '../../ssh/client/dial.ts'
import type { HostAccess, SshHosts } from '../../ssh/client/hosts.ts'
import { knownHostsInMemory } from '../../ssh/known-hosts/files.ts'
import { knownHosts } from '../../ssh/known-hosts/trust.ts'
import { lasting } from './lasting.ts'
import { openSftp, type SftpSession } from './remote.ts'

export interface SftpOptions extends RemoteOptions {
  /** Who knows the host, its key and ours. If nobody does, each key of a host is asked about, and there are no keys to show. */
  readonly hosts?: SshHosts
  /** Algorithms that are on for this server only, an old device: `ssh-rsa`. */
  readonly legacy?: readonly string[]
  /** How often what changes nothing is asked again where its connection broke, 3 times if not said. */
  readonly retries?: number | undefined
}

/** Connects to a server over SSH, and does so again where the connection broke. */
export async function connectSftp(options: SftpOptions): Promise<RemoteStore> {
  const hosts = options.hosts ?? strangers(options)
  const dial = (): Promise<SftpSession> => dialSftp(options, hosts)
  return lasting(await dial(), { ...options, dial })
}

/** Connects, through others where that is the way, and begins a session of SFTP. */
async function dialSftp(options: SftpOptions, hosts: SshHosts): Promise<SftpSession> {
  const access = await hosts.find(wanted(options))
  const { ssh, end } = await dialSsh(access, { ...options, hosts }).catch((thrown: unknown) => {
    throw notReached(thrown, options, access)
  })
  const stop = (): void => void end()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const channel = await ssh.openSubsystem('sftp')
    return await openSftp({
      conn: channel,
      clock: options.clock,
      url: urlOf(options, access),
      ended: end,
      version: ssh.serverVersion,
      // A server that shows uploads only when they are whole would take the second handle for another file; sshd does not.
      ...(ssh.serverVersion.startsWith('SSH-2.0-OpenSSH_') ? { more: () => ssh.openSubsystem('sftp') } : {}),
      ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    }).catch((thrown: unknown) => {
      throw complained(thrown, channel)
    })
  } catch (thrown) {
    await end()
    throw thrown
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

/** Whoever names several places must hear which one it is. */
function notReached(thrown: unknown, options: SftpOptions, access: HostAccess): unknown {
  const isTold = !(thrown instanceof NetworkError) || thrown.facts.phase !== undefined
  if (isTold || thrown.fault === 'aborted') return thrown
  const { hostName, port } = access
  return new NetworkError(thrown.fault, `cannot connect to ${hostName} port ${port}: ${thrown.message}`, {
    cause: thrown,
    facts: {
      phase: thrown.fault === 'not-found' ? 'lookup' : 'connect',
      retryable: thrown.fault !== 'not-found',
      connectionUsable: false,
      hint: `ferry doctor ${urlOf(options, access)} finds out more.`,
      ...thrown.facts,
    },
  })
}

/** Why a program is no server of SFTP it says on stderr: `sftp-server: not found`. */
function complained(thrown: unknown, { complaint }: Channel): unknown {
  const reply = complaint.trim()
  if (!(thrown instanceof ProtocolError) || reply === '') return thrown
  return new ProtocolError(thrown.message, { cause: thrown, facts: { ...thrown.facts, reply } })
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
