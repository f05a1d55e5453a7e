import type { KeyToTry } from './key-to-try.ts'
import type { HostTrust } from './host-trust.ts'

/** A host as it was asked for. */
export interface HostWanted {
  readonly host: string
  readonly port?: number
  readonly user?: string
}

/** How to get to a host, whom to trust there, and what to show. */
export interface HostAccess {
  /** What to connect to. */
  readonly hostName: string
  /** The name under which its key is known. */
  readonly keyName: string
  readonly port: number
  readonly user: string
  readonly trust: HostTrust
  readonly keys: AsyncIterable<KeyToTry>
  /** Old algorithms that are on for this host alone. */
  readonly legacy?: readonly string[]
  /** The hosts to go through, the first one first: `user@host:port`. */
  readonly through: readonly string[]
}

/** Who knows hosts: the files of OpenSSH, or a program that has its own way. */
export interface SshHosts {
  find(wanted: HostWanted): Promise<HostAccess>
}
