import type { Protocol } from './account.ts'
import type { Peer } from './network.ts'
import type { TlsEnding } from './tls.ts'

/** What is told of somebody who is connected. */
export interface OfSession {
  readonly session: string
  readonly protocol: Protocol
  readonly peer: Peer
}

/** What is told of somebody who is logged in. */
export interface OfAccount extends OfSession {
  readonly account: string
}

/** What is told of a transfer when it is over. */
export interface OfTransfer extends OfAccount {
  readonly path: string
  readonly bytes: number
  readonly ms: number
  readonly outcome: 'complete' | 'incomplete'
  /** Why it is not complete. */
  readonly reason?: string
}

/** What a connection in TLS is for. */
export type TlsPurpose = 'control' | 'upload' | 'download'

/** What was done to files beside transfers. */
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
  | (OfSession & {
      /** A connection in TLS: the control connection when it has begun, a data connection when it is over. */
      readonly kind: 'tls'
      readonly of: TlsPurpose
      readonly version: string
      readonly cipher: string
      /** It went on with the TLS session of the control connection. */
      readonly resumed: boolean
      /** The fingerprint of the certificate that the client showed on its control connection. */
      readonly certificate?: string
      /** How the client ended an upload. */
      readonly ending?: TlsEnding
    })
  | (OfSession & {
      /** No TLS came about, or it was refused. */
      readonly kind: 'tls-failed'
      readonly of: TlsPurpose
      readonly reason: string
    })
  | (OfSession & { readonly kind: 'said'; readonly from: 'client' | 'server'; readonly line: string })
  | {
      /** The way through an SSH host that listens for us stands, or is lost. */
      readonly kind: 'published'
      readonly up: boolean
      readonly text: string
    }
  | (Partial<OfSession> & { readonly kind: 'warning'; readonly text: string })
  | (Partial<OfSession> & { readonly kind: 'bug'; readonly text: string })

/** Told, never asked: what may refuse is a Policy. It should not throw, and nobody hears of it but by a warning of the process. */
export interface Events {
  emit(event: ServerEvent): void
}
