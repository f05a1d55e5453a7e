import type { RekeyLimits } from '../transport.ts'
import type { LegacyRule } from './legacy.ts'

/** What one may want otherwise at one's own server. */
export interface SshSettings {
  /** Said before the login; empty: nothing. */
  readonly banner: string
  /** How long a login may take, from the first byte on. */
  readonly loginMs: number
  /** How long nothing may be heard of a client that is logged in. */
  readonly idleMs: number
  /** How many channels a client may have open at once. */
  readonly channels: number
  /** When keys are exchanged anew. */
  readonly rekey: Partial<RekeyLimits>
  /** Blobs of the keys whose certificates are taken for users. The account must have the authority's key among its own. */
  readonly authorities: readonly Uint8Array[]
  /** Fingerprints (`SHA256:…`) of keys and authorities that nobody may log in with any more. */
  readonly revoked: readonly string[]
  /** Algorithms that are off for everybody and on for an old device: by its network, and by its account. */
  readonly legacy: readonly LegacyRule[]
  /** Whether what is said on the connection is told to the log. */
  readonly transcript: boolean
}

export const sshDefaults: SshSettings = {
  banner: '',
  loginMs: 60_000,
  idleMs: 900_000,
  channels: 10,
  rekey: {},
  authorities: [],
  revoked: [],
  legacy: [],
  transcript: false,
}
