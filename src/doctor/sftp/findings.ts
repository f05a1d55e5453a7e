import type { Greeting, Reached, RoundTrip, Step } from '../step.ts'

/** What the server offers for keys, ciphers and hosts, in SSH's names. */
export interface SshOffer {
  readonly kex: readonly string[]
  readonly hostKeys: readonly string[]
  readonly ciphers: readonly string[]
  readonly macs: readonly string[]
}

export interface HostKey extends Step {
  readonly algorithm: string
  readonly fingerprint: string
  /** `known` before; `unknown`: nothing is known of it; `changed`: another was known. */
  readonly trust: 'known' | 'unknown' | 'changed'
}

/** Everything that was found out about an SFTP server, as far as it got. */
export interface SftpFindings extends Reached {
  readonly user: string
  readonly local?: string
  readonly peer?: string
  readonly greeting?: Greeting
  readonly offer?: Step & SshOffer
  readonly hostKey?: HostKey
  /** How one may log in, as the server says. */
  readonly methods?: readonly string[]
  readonly login?: Step & { readonly keysTried: number; readonly agreed?: readonly string[] }
  readonly subsystem?: Step
  /** The first exchange of SFTP itself. */
  readonly session?: Step & { readonly extensions?: readonly string[] }
  readonly listing?: Step & { readonly entries: number }
  readonly roundTrip?: RoundTrip
}
