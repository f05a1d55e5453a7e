import type { Clock } from '../../core/clock.ts'
import type { Network } from '../../core/network.ts'
import type { Ask } from '../../core/remote.ts'
import type { Together } from './session/together.ts'
import type { Way } from './session/way.ts'
import type { FtpOptions } from './options.ts'

/** What all sessions with one server share. */
export interface ClientHouse {
  readonly options: FtpOptions
  readonly network: Network
  readonly clock: Clock
  readonly ask: Ask
  readonly host: string
  readonly port: number
  readonly user: string
  readonly silenceMs: number
  readonly said: (from: 'client' | 'server' | 'note', line: string) => void
  /** Told what a person should know of who waits. */
  readonly warned: (line: string) => void
  /** The address that sessions are made to where that is not the one that the name leads to first; `given-up`: nobody answers there. */
  elsewhere: 'untried' | 'given-up' | { readonly address: string }
  /** The ways to a data connection, the one that worked last in front. */
  ways: readonly Way[]
  /** Whether commands may be sent before those in front of them are answered. */
  readonly together: Together
  /** How far the server's time of day is ahead of UTC, once that is known. */
  zoneMs: number | undefined
  /** Whether blanks before all names of a listing are of the names, once that is known. */
  blanksOfNames: boolean | undefined
  /** Whether it tells a size of directories too, once that is known. */
  sizesDirectories: boolean | undefined
  /** When it was asked last whether a file stayed what it was while it came. */
  lookedAgainAt: number | undefined
  /** The fingerprint of the certificate that was taken for the server's. */
  certificate: string | undefined
  /** What FEAT and PWD said in the first session: the same user lands in the same place of the same server. */
  landed: { readonly features: readonly string[]; readonly landing: string } | undefined
  /** The password, once somebody told it. */
  password: string | undefined
}
