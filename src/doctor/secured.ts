import type { ActiveStep, Greeting, PassiveStep, PassiveTry, Step } from './step.ts'

/**
 * Who vouches for a certificate: an authority, who pinned it, who accepted it before, or nobody. `changed`: it is not the one
 * that was accepted before.
 */
export type Standing = 'vouched' | 'pinned' | 'known' | 'unknown' | 'not-pinned' | 'changed' | 'revoked'

/** What the server showed of itself. */
export interface ShownCertificate {
  readonly fingerprint: string
  /** SHA-256 of the public key, in base64. */
  readonly keyDigest: string
  readonly subject: string
  readonly issuer: string
  readonly names: string
  readonly validFrom: string
  readonly validTo: string
  /** All that is wrong with it, as OpenSSL or Node name it. */
  readonly faults: readonly string[]
  readonly daysLeft: number
  readonly standing: Standing
}

export interface Handshake extends Step {
  readonly version?: string
  readonly cipher?: string
  readonly certificate?: ShownCertificate
}

/** An old version of TLS, and whether the server takes it. */
export interface OldVersion extends Step {
  readonly version: 'TLS 1.0' | 'TLS 1.1' | 'TLS 1.2'
  /** The server asked for a certificate of ours; whether it insists on one, nothing tells. */
  readonly asksCertificate?: true
}

/** What was found out under TLS, as far as it got. */
export interface Secured {
  /** The greeting of a session where it was no welcome. */
  readonly greeting?: Greeting
  /** AUTH TLS; absent where TLS comes first. */
  readonly auth?: Step
  readonly handshake?: Handshake
  /** The certificate that was accepted from this server before. */
  readonly before?: { readonly fingerprint: string; readonly keptIn: string }
  readonly features?: Step & { readonly names: readonly string[] }
  readonly login?: Step
  readonly prot?: Step
  readonly epsv?: PassiveStep
  readonly pasv?: PassiveStep
  /** More ports of passive mode: of a range that is half open the first two may well be the right ones. */
  readonly tries?: readonly PassiveTry[]
  /** The same once more: a ticket of TLS 1.3 does for one connection. */
  readonly again?: PassiveStep
  /** A data connection that resumes nothing. */
  readonly withoutSession?: PassiveStep
  readonly portCommand?: ActiveStep
  readonly eprt?: ActiveStep
  /** Whether the commands may go on in clear. */
  readonly ccc?: Step
  /** Whether files may go in clear while commands are encrypted. */
  readonly clearData?: Step
  readonly old?: readonly OldVersion[]
}
