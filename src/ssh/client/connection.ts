import type { Conn } from '../../core/network.ts'
import type { Channel } from '../channel.ts'

/** An SSH connection that is logged in. */
export interface SshConnection {
  /** What the server calls itself: `SSH-2.0-OpenSSH_9.2p1`. */
  readonly serverVersion: string
  /** What was agreed on, in SSH's names, for those who want to know. */
  readonly agreed: readonly string[]
  /** Aborts when the connection is over, with the reason. */
  readonly signal: AbortSignal
  /** A channel to a subsystem such as `sftp`. */
  openSubsystem(name: string): Promise<Channel>
  /** A channel to the output and input of a command. */
  openExec(command: string): Promise<Channel>
  /** A connection that the server makes for us (direct-tcpip): the way through a jump host. */
  openDirect(host: string, port: number): Promise<Conn>
  /** Says good-bye and closes the connection below. */
  end(): Promise<void>
}
