import type { Account, Proof, Protocol } from './account.ts'
import type { Peer } from './network.ts'
import type { Store } from './store.ts'

/** Someone who was let in. */
export interface Login {
  /** One of a kind as long as the server runs; every line of the log about this session bears it. */
  readonly id: string
  readonly protocol: Protocol
  readonly peer: Peer
  readonly account: Account
  /** Aborts when the session must end. */
  readonly signal: AbortSignal
}

/** A rule: a Store around a Store, for one login. */
export type Policy = (inner: Store, login: Login) => Store

/** A login with the files it may touch: the home behind every rule. */
export interface Session extends Login {
  readonly files: Store
}

/** Why someone was not let in: `text` is for the peer, `final` ends the connection. */
export interface Refusal {
  readonly refused: true
  readonly text: string
  readonly final: boolean
  /** What was shown is right and not enough: one of these in addition lets in (a key, then a password). */
  readonly wanted?: readonly Proof['kind'][]
}

export interface LoginTry {
  readonly secure: boolean
  readonly user: string
  readonly proof: Proof
  readonly host?: string
  /** What was shown before on this connection, was right, and was not enough. */
  readonly earlier?: readonly Proof[]
}

/** A connection that was let through the door and is not logged in, or not any more. */
export interface Visitor {
  readonly id: string
  /** Aborts when the visitor must go. */
  readonly signal: AbortSignal
  login(how: LoginTry): Promise<Session | Refusal>
  /** Whether a key would be taken from this user. It lets nobody in, and proves nothing. */
  wouldTake(how: LoginTry): Promise<boolean>
  /** Ends the login and keeps the connection (REIN, a second USER). */
  logout(): void
  leave(): void
  /** What the holder of the connection does when the visitor must go at once. */
  kicked?: (reason: string) => void
}

/** The one way in, whatever the protocol: connection limits, then accounts, then the rules. */
export interface Door {
  enter(protocol: Protocol, peer: Peer): Promise<Visitor | Refusal>
}
