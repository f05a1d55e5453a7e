import type { Clock } from '../core/clock.ts'
import { familyOf } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn, Network } from '../core/network.ts'
import type { SshConnection } from '../ssh/client/connection.ts'
import type { ForwardedPort } from '../ssh/client/forwards.ts'
import { inTime } from './in-time.ts'

/** What is looked at, and from where. */
export interface ProbeOptions {
  readonly ssh: SshConnection
  readonly network: Network
  readonly clock: Clock
  readonly host: string
  readonly address: string
  /** 0: any. */
  readonly port: number
}

/** Who waits for a server to start is not kept longer. */
const patienceMs = 4000

/** Connects to a port of the SSH host from here, as clients will. What keeps them out, as a sentence; undefined: nothing seen. */
export async function probe(options: ProbeOptions): Promise<string | undefined> {
  const came = Promise.withResolvers<Conn>()
  let port: ForwardedPort
  try {
    port = await options.ssh.listen(
      familyOf(options.address) === 6 ? '::' : '0.0.0.0',
      options.port,
      (channel) => came.resolve(channel),
    )
  } catch {
    // Not this port, perhaps: those that matter are asked for by themselves, and tell.
    return undefined
  }
  try {
    return await fromHere(options, port.port, came.promise)
  } finally {
    await port.close()
  }
}

async function fromHere(
  { ssh, network, clock, host, address }: ProbeOptions,
  port: number,
  came: Promise<Conn>,
): Promise<string | undefined> {
  let conn: Conn | undefined
  try {
    conn = await network.connect({ host: address, port, timeoutMs: patienceMs })
    const channel = await inTime(came, { clock, timeoutMs: patienceMs })
    channel.destroy()
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    if (conn !== undefined) return `port ${port} of ${address} is answered by somebody else than ${host}`
    if (thrown.fault === 'refused' && (await onLoopback(ssh, port, came)))
      return `${host} listens on its own loopback alone, so nobody outside gets in: its sshd_config needs "GatewayPorts clientspecified"`
    return `port ${port} of ${host} cannot be reached from here (${thrown.message}): a firewall before it may keep clients out as well`
  } finally {
    conn?.destroy()
  }
}

/** Whether the host itself gets there by its loopback. */
async function onLoopback(ssh: SshConnection, port: number, came: Promise<Conn>): Promise<boolean> {
  try {
    const there = await ssh.openDirect('localhost', port)
    const channel = await came
    for (const one of [there, channel]) one.destroy()
    return true
  } catch {
    return false
  }
}
