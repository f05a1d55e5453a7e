import type { Security } from './checks/examination.ts'
import type { Secured } from './secured.ts'
import type {
  ActiveStep,
  Diagnosis,
  Features,
  Greeting,
  PassiveStep,
  PassiveTry,
  Reached,
  RoundTrip,
  Sample,
  Step,
} from './step.ts'

/** Everything that was found out about an FTP server, as far as it got. */
export interface Findings extends Reached {
  readonly security?: Security
  /** Logged in as nobody in particular, so that there is no password to lose. */
  readonly anonymous?: boolean
  /** Our own address on the control connection. */
  readonly local?: string
  /** The server's address on the control connection. */
  readonly peer?: string
  readonly greeting?: Greeting
  readonly features?: Features
  readonly login?: Step
  readonly epsv?: PassiveStep
  readonly pasv?: PassiveStep
  /** More tries of passive mode, where a port that was named could not be reached. */
  readonly tries?: readonly PassiveTry[]
  /** EPSV at an address of the other family, where the name has one. */
  readonly otherFamily?: PassiveStep & { readonly address: string }
  readonly portCommand?: ActiveStep
  readonly eprt?: ActiveStep
  readonly diagnosis?: Diagnosis
  /** The beginning of a file that is there. */
  readonly sample?: Sample
  readonly restart?: Step
  readonly idle?: Step
  readonly roundTrip?: RoundTrip
  /** A second session, and what the server said to it when it did not want one. */
  readonly second?: Step
  /** The session after it was left idle. */
  readonly rested?: Step & { readonly idleMs: number }
  /** What was found out under TLS. */
  readonly tls?: Secured
}
