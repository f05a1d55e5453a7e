/** What can be wrong with a file. Each protocol has one table from these to its own codes. */
export type Fault =
  | 'not-found'
  | 'exists'
  | 'denied'
  | 'quota'
  | 'full'
  | 'busy'
  | 'is-directory'
  | 'not-directory'
  | 'not-empty'
  | 'invalid'
  | 'unsupported'
  | 'aborted'
  | 'failed'

export interface FileErrorMore {
  readonly cause?: unknown
  /** How many bytes of an unfinished upload wait under this name for the one who sent them. */
  readonly unfinished?: number
}

/** Something is wrong on the file's side. The message is for the peer to read: it never names a path outside the home. */
export class FileError extends Error {
  readonly fault: Fault
  readonly unfinished: number | undefined

  constructor(fault: Fault, message: string, more: FileErrorMore = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'FileError'
    this.fault = fault
    this.unfinished = more.unfinished
  }
}

/** The peer broke its protocol. */
export class ProtocolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProtocolError'
  }
}

/** What can be wrong with a connection. */
export type NetworkFault =
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'reset'
  | 'closed'
  | 'in-use'
  | 'not-permitted'
  | 'no-such-address'
  | 'not-found'
  | 'aborted'
  | 'failed'

/** A connection or a listener could not be made, or broke. */
export class NetworkError extends Error {
  readonly fault: NetworkFault

  constructor(fault: NetworkFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NetworkError'
    this.fault = fault
  }
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
