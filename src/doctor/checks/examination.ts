import type { Clock } from '../../core/clock.ts'
import type { Network } from '../../core/network.ts'

/** What the doctor works with. */
export interface Examination {
  readonly network: Network
  readonly clock: Clock
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Whether a small file may be written, read back and removed. */
  readonly mayWrite: boolean
  /** How long a step waits for the other side. */
  readonly patienceMs: number
  readonly said: (from: 'client' | 'server', line: string) => void
}
