import { NetworkError } from '../core/error.ts'
import type { Protocol } from '../core/account.ts'

/** A door could not be opened: which one, and why. */
export class ListenError extends NetworkError {
  readonly protocol: Protocol
  readonly port: number
  /** The SSH host whose port it would be, where it is none of this machine's. */
  readonly through: string | undefined

  constructor(protocol: Protocol, port: number, cause: NetworkError, through?: string) {
    super(cause.fault, cause.message, { cause })
    this.name = 'ListenError'
    this.protocol = protocol
    this.port = port
    this.through = through
  }
}
