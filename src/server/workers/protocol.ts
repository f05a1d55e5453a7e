import type { Protocol } from '../../core/account.ts'
import type { NetworkError } from '../../core/error.ts'
import type { ServerEvent } from '../../core/event.ts'
import type { QuotaTurn, QuotaTurnEnd } from '../../core/quota-turns.ts'
import type { TlsIdentity } from '../../core/tls.ts'
import type { Admission } from '../../policy/admission.ts'
import type { DoorLimits } from '../../policy/door-limits.ts'
import type { Doorkeeper } from '../../policy/gate.ts'
import type { Recording } from '../recorder.ts'
import type { SessionNow } from '../serve.ts'
import type { Listener } from '../listener.ts'

/** Which counters: `doors` are of this run, `kept` outlive it. */
export type LedgerName = 'doors' | 'kept'

/** Why a worker could not start. */
export interface StartFailure {
  readonly message: string
  /** The port that could not be opened, if it was that. */
  readonly listening?: {
    readonly protocol: Protocol
    readonly port: number
    readonly fault: NetworkError['fault']
  }
}

/** What the main thread does for a worker: all that there is once in a server. */
export interface MainService {
  add(of: LedgerName, key: string, amount: number, ceiling: number | undefined): Promise<boolean>
  read(of: LedgerName, key: string): Promise<number>
  set(of: LedgerName, key: string, value: number, forMs: number | undefined): Promise<void>
  /** Lets a connection in, which counts. */
  admit: Admission['admit']
  trying: Doorkeeper['trying']
  /** Resolves when so many bytes may pass at that rate. */
  pass(key: string, bytesPerSecond: number, bytes: number): Promise<void>
  beginTurn(account: string): Promise<QuotaTurn>
  endTurn(account: string, how: QuotaTurnEnd): void
  tellWriting(account: string, files: number): void
  /** Has the other workers give back what they have booked ahead for an account. */
  gatherQuota(account: string): Promise<void>
  forgetQuotas(): void
  emit(events: readonly ServerEvent[]): void
  ready(listeners: readonly Listener[]): void
  failed(failure: StartFailure): void
}

/** What a worker does for the main thread. */
export interface WorkerService {
  sessions(): readonly SessionNow[]
  kick(id: string, reason: string): boolean
  /** Changes the limits of the door for whoever comes from now on, and whether logins are counted. */
  limit(limits: Partial<DoorLimits>, countsLogins: boolean): void
  /** How many sessions are kept with their dialogue from now on. */
  record(most: number): void
  recording(id: string): Recording | undefined
  /** What TLS shows from now on. */
  identity(identity: TlsIdentity): void
  /** Takes what is given to it now, in the place of what it had; rejects where it cannot, and then nothing has changed. */
  renew(given: unknown): Promise<void>
  listeners(): readonly Listener[]
  /** Gives back what it has booked ahead for an account: another worker needs it. */
  giveBack(account: string): Promise<void>
  /** Only that it answers counts. */
  alive(): void
  /** Reads anew what the configuration names and does not hold. */
  look(): Promise<void>
  drain(graceMs: number): Promise<void>
  close(): Promise<void>
}
