import type { Blocks } from '../../core/blocks.ts'
import type { Clock } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Network } from '../../core/network.ts'
import type { Door } from '../../core/session.ts'
import type { TftpSettings } from './settings.ts'

/** What all transfers of one TFTP server share. */
export interface TftpHouse {
  readonly settings: TftpSettings
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly blocks: Blocks
}
