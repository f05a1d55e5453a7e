import type { Clock } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Network } from '../../core/network.ts'
import type { Session } from '../../core/session.ts'
import type { Channel } from '../channel.ts'
import type { Signer } from '../signer.ts'
import type { SshSettings } from './settings.ts'

/**
 * Serves one channel until it is over; what it gives is the exit status that the client is told. `client` is its version
 * line: `SSH-2.0-OpenSSH_9.2`.
 */
export type ChannelWork = (channel: Channel, session: Session, client: string) => Promise<number>

/** What may run in a channel. */
export interface Services {
  /** The subsystem `sftp`. */
  readonly sftp: ChannelWork
  /** The work for a command; undefined: it is refused. There is no shell, so nothing else is ever run. */
  exec?(command: string): ChannelWork | undefined
}

/** What a connection knows of the server that it belongs to. */
export interface SshHouse {
  readonly settings: SshSettings
  readonly clock: Clock
  readonly network: Network
  readonly events: Events
  readonly hostKeys: readonly Signer[]
  readonly services: Services
  /** Lets work go on by itself; what it throws is a bug and told as one. */
  finish(work: Promise<unknown>): void
}
