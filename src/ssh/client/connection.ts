import type { Conn } from '../../core/network.ts'
import type { Channel } from '../channel.ts'
import type { AcceptForwarded, ForwardedPort } from './forwards.ts'

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
  /**
   * Has the server listen for us (tcpip-forward) at an address of its own, all of them if it is empty; port 0 takes a free
   * one. Nobody but the server decides whether others reach it: OpenSSH's listens on its loopback alone unless GatewayPorts
   * is set, and does not say so.
   */
  listen(host: string, port: number, accept: AcceptForwarded): Promise<ForwardedPort>
  /** Says good-bye and closes the connection below. */
  end(): Promise<void>
}
