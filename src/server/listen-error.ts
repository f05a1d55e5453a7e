import { NetworkError } from '../core/error.ts'
import type { Protocol } from '../core/account.ts'

/** A door could not be opened: which one, and why. */
export class ListenError extends NetworkError {
  readonly protocol: Protocol
  readonly port: number

  constructor(protocol: Protocol, port: number, cause: NetworkError) {
    super(cause.fault, cause.message, { cause })
    this.name = 'ListenError'
    this.protocol = protocol
    this.port = port
  }
}
