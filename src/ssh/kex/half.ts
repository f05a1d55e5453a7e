import type { Agreed } from './negotiate.ts'
import type { Secret } from './method.ts'

/** What both sides have said before the exchange proper. */
export interface Preface {
  readonly agreed: Agreed
  readonly clientVersion: string
  readonly serverVersion: string
  readonly clientInit: Uint8Array
  readonly serverInit: Uint8Array
}

/** What an exchange ends with. */
export interface Exchanged {
  readonly exchangeHash: Uint8Array
  readonly secret: Secret
}

/** What to send now, and, once it is over, what came of it. */
export interface HalfStep {
  readonly send: readonly Uint8Array[]
  readonly done?: Exchanged
}

/** One side's part in an exchange: messages in, messages out, no network. */
export interface ExchangeHalf {
  start(): Promise<HalfStep>
  take(payload: Uint8Array): Promise<HalfStep>
}
