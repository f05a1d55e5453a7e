import type { Clock } from '../../core/clock.ts'
import type { Conn } from '../../core/network.ts'
import type { Ask } from '../../core/remote.ts'
import type { KeyToTry } from './key-to-try.ts'
import type { HostTrust } from './host-trust.ts'

/** What an SSH client needs to begin. */
export interface SshOptions {
  /** A fresh connection to the server: of TCP, or `openDirect` of a jump host. It is closed with the SSH connection. */
  readonly conn: Conn
  readonly clock: Clock
  /** The name under which the server is known. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly trust: HostTrust
  /** Keys to try, in this order; read one by one, so that a passphrase is asked for only when its turn comes. */
  readonly keys: AsyncIterable<KeyToTry>
  readonly ask: Ask
  /** A password known beforehand, tried before anybody is asked. */
  readonly password?: string
  /** Told each line of the dialogue. */
  readonly said?: (from: 'client' | 'server' | 'note', line: string) => void
  /** How long the other side may be silent, 30 s if not said. */
  readonly silenceMs?: number
  /** Algorithms that are off for everybody and on for this server, an old device: `ssh-rsa`, `diffie-hellman-group14-sha1`. */
  readonly legacy?: readonly string[]
  /** The ciphers to offer, the best first; all of ours if not said. */
  readonly ciphers?: readonly string[]
  /** How many channels at once, 64 if not said. */
  readonly channels?: number
  readonly signal?: AbortSignal
}

/** How long a server may be silent. */
export const usualSilenceMs = 30_000
