import type { Blocks } from '../../core/blocks.ts'
import type { Clock } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Network } from '../../core/network.ts'
import type { Door } from '../../core/session.ts'
import type { Announcer } from './announce.ts'
import type { PassivePorts } from './passive-ports.ts'
import type { FtpSettings } from './settings.ts'
import type { Visit } from './visit.ts'

/** What all sessions of one FTP server share. */
export interface FtpHouse {
  readonly settings: FtpSettings
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly blocks: Blocks
  readonly announcer: Announcer
  readonly passive: PassivePorts
  readonly visits: ReadonlySet<Visit>
  /** Lets something end by itself; a failure is told as a bug of ours. */
  finish(work: Promise<unknown>): void
}
