import type { Blocks } from '../../core/blocks.ts'
import type { Clock } from '../../core/clock.ts'
import type { Session } from '../../core/session.ts'
import type { Store } from '../../core/store.ts'
import type { Answer } from '../wire/reply.ts'
import type { Handles } from './handles.ts'
import type { Owners } from './owners.ts'
import type { SftpSettings } from './settings.ts'

/** What one SFTP session has: all that a request may use. */
export interface Visit {
  readonly session: Session
  readonly files: Store
  readonly handles: Handles
  readonly owners: Owners
  readonly clock: Clock
  readonly blocks: Blocks
  /** For what is read of files. */
  readonly readBlocks: Blocks
  readonly settings: SftpSettings
  /** Whether SYMLINK names the link before what it leads to, as the draft has it and OpenSSH has not. */
  readonly linkFirst: boolean
  /** How long a reply may be: more once the client has asked for the limits, and so knows them. */
  longestReply: number
  /** A long work gets on, for which the client waits: it is not to be taken for one that has gone to sleep. */
  stir(): void
  /** Aborts when the session is over. */
  readonly signal: AbortSignal
}

/** A reply whose bytes are ready but for its number. */
export interface Ready {
  readonly kind: 'ready'
  message(id: number): readonly Uint8Array[]
  release(): void
}

export type Served = Answer | Ready
