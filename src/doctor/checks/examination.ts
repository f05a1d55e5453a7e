import type { TlsTrust } from '../../core/certificate.ts'
import type { Clock } from '../../core/clock.ts'
import type { Conn, Network } from '../../core/network.ts'
import type { DataTls } from '../step.ts'

/** `clear` looks at TLS too; `explicit` and `implicit` say the password under TLS alone. */
export type Security = 'clear' | 'explicit' | 'implicit'

/** What is needed to knock at a port. */
export interface Reaching {
  readonly network: Network
  readonly clock: Clock
  readonly host: string
  readonly port: number
  /** How long a step waits for the other side. */
  readonly patienceMs: number
}

/** What the doctor works with. */
export interface Examination extends Reaching {
  readonly user: string
  readonly password: string
  readonly security: Security
  /** Log in under TLS even to who shows a certificate that is not to be trusted. */
  readonly anyCertificate: boolean
  /** Whom to trust besides those that the system trusts, and who we say we are. */
  readonly trust?: TlsTrust
  /** Whether a small file may be written, read back and removed. */
  readonly mayWrite: boolean
  /** How long to leave the session idle, to see who forgets it; 0: not at all. */
  readonly idleMs: number
  readonly said: (from: 'client' | 'server', line: string) => void
  /** Puts TLS around a data connection; without it they are in clear. */
  readonly protect?: (conn: Conn) => Promise<{ readonly conn: Conn; readonly told: () => DataTls }>
}
