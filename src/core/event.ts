import type { Protocol } from './account.ts'
import type { Peer } from './network.ts'

interface OfSession {
  readonly session: string
  readonly protocol: Protocol
  readonly peer: Peer
}

interface OfAccount extends OfSession {
  readonly account: string
}

interface OfTransfer extends OfAccount {
  readonly path: string
  readonly bytes: number
  readonly ms: number
  readonly outcome: 'complete' | 'incomplete'
  /** Why it is not complete. */
  readonly reason?: string
}

export type FileDeed = 'remove' | 'mkdir' | 'rmdir' | 'rename' | 'change' | 'link'

/** Everything that is told to logs and hooks. */
export type ServerEvent =
  | { readonly kind: 'listening'; readonly protocol: Protocol; readonly local: Peer }
  | (OfSession & { readonly kind: 'connected' })
  | {
      readonly kind: 'turned-away'
      readonly protocol: Protocol
      readonly peer: Peer
      readonly reason: string
      /** The rule that refused. */
      readonly rule?: string
    }
  | (OfAccount & { readonly kind: 'login' })
  | (OfSession & {
      readonly kind: 'login-failed'
      readonly user: string
      readonly reason: string
      readonly rule?: string
    })
  | (OfSession & {
      readonly kind: 'closed'
      readonly reason: string
      readonly account?: string
      /** It sent what is none of the protocol, again and again. */
      readonly nonsense?: boolean
    })
  | (OfTransfer & { readonly kind: 'download' })
  | (OfTransfer & { readonly kind: 'upload' })
  | (OfAccount & {
      readonly kind: 'file'
      readonly deed: FileDeed
      readonly path: string
      readonly to?: string
    })
  | (OfAccount & {
      readonly kind: 'refused'
      readonly deed: string
      readonly path: string
      readonly fault: string
      readonly reason: string
      readonly rule?: string
    })
  | (OfSession & { readonly kind: 'said'; readonly from: 'client' | 'server'; readonly line: string })
  | (Partial<OfSession> & { readonly kind: 'warning'; readonly text: string })
  | (Partial<OfSession> & { readonly kind: 'bug'; readonly text: string })

/** Told, never asked: what may refuse is a Policy. Must not throw. */
export interface Events {
  emit(event: ServerEvent): void
}
