const faults = [
  'not-found',
  'exists',
  'denied',
  'quota',
  'full',
  'busy',
  'is-directory',
  'not-directory',
  'not-empty',
  'invalid',
  'unsupported',
  'aborted',
  'failed',
] as const

/** What can be wrong with a file. Each protocol has one table from these to its own codes. */
export type Fault = (typeof faults)[number]

const known: ReadonlySet<string> = new Set(faults)

/** When in its work a client met trouble. */
export type Phase = 'lookup' | 'connect' | 'greeting' | 'secure' | 'login' | 'command' | 'data' | 'end'

/** What a client knows about trouble with another's server; a server's own errors have none of it. */
export interface Facts {
  /** The protocol's number for it: 550, 2, … */
  readonly code?: number
  /** What the other side said, word for word. */
  readonly reply?: string
  readonly phase?: Phase
  readonly path?: string
  /** Whether the same again may go well. */
  readonly retryable?: boolean
  /** It was tried again already as often as was said: who hears of it does not begin to count anew. */
  readonly triedOut?: true
  /** What came is no beginning of the file as it is now: who tries again begins anew. */
  readonly anew?: true
  /** Whether the session can still be used. */
  readonly connectionUsable?: boolean
  /** The peer demands a certificate of ours. */
  readonly wantsCertificate?: true
  /** What to do about it, as a sentence. */
  readonly hint?: string
}

/** What an error carries beside its message: what caused it, and what a client knows about it. */
export interface ErrorMore {
  readonly cause?: unknown
  readonly facts?: Facts
}

/** What an error about a file carries besides. */
export interface FileErrorMore extends ErrorMore {
  /** How many bytes of an unfinished upload wait under this name for the one who sent them. */
  readonly unfinished?: number
  /** The rule that refused, for the log and `ferry explain`; the peer is not told. */
  readonly rule?: string
}

/** An error that carries what a client knows about it: what all errors of the house are. */
export class InformedError extends Error {
  readonly facts: Facts

  constructor(name: string, message: string, { cause, facts }: ErrorMore) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = name
    this.facts = facts ?? {}
  }
}

/** Something is wrong on the file's side. The message is for the peer to read: it never names a path outside the home. */
export class FileError extends InformedError {
  readonly fault: Fault
  readonly unfinished: number | undefined
  readonly rule: string | undefined

  constructor(fault: Fault, message: string, more: FileErrorMore = {}) {
    super('FileError', message, more)
    // A store in plain JavaScript may say any word, and no table has a code for it: the client would wait for a reply.
    this.fault = known.has(fault) ? fault : 'failed'
    this.unfinished = more.unfinished
    this.rule = more.rule
  }
}

/** A file would need a session of its own while another file is open, and the server lets in no more. */
export class OneSessionError extends FileError {
  constructor(count: number) {
    const most = count === 1 ? 'one session' : `${count} sessions`
    super('busy', `the server lets in no more than ${most} at once, and another open file has it`, {
      facts: { retryable: false, connectionUsable: true },
    })
  }
}

/** The peer broke its protocol. */
export class ProtocolError extends InformedError {
  constructor(message: string, more: ErrorMore = {}) {
    super('ProtocolError', message, more)
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
export class NetworkError extends InformedError {
  readonly fault: NetworkFault

  constructor(fault: NetworkFault, message: string, more: ErrorMore = {}) {
    super('NetworkError', message, more)
    this.fault = fault
  }
}

/** The other side does not let us in with what we have. */
export class LoginError extends InformedError {
  constructor(message: string, more: ErrorMore = {}) {
    super('LoginError', message, more)
  }
}

/** The other side's key or certificate is not one to trust. */
export class TrustError extends InformedError {
  constructor(message: string, more: ErrorMore = {}) {
    super('TrustError', message, more)
  }
}

/** A file is not, or not provably, whole at its new place. */
export class IncompleteError extends InformedError {
  /** How many bytes arrived, and how many there should be where that is known. */
  readonly arrived: number
  readonly expected: number | undefined

  constructor(message: string, arrived: number, expected: number | undefined, more: ErrorMore = {}) {
    super('IncompleteError', message, more)
    this.arrived = arrived
    this.expected = expected
  }
}

/** Whether nothing that came may be gone on with, as the file is another one by now. */
export function wantsAnew(thrown: unknown): thrown is IncompleteError {
  return thrown instanceof IncompleteError && thrown.facts.anew === true
}

/** The same error, once it was tried again as often as was said. */
export function triedOut(error: InformedError): InformedError {
  return Object.assign(error, { facts: { ...error.facts, triedOut: true } })
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return Error.isError(thrown) ? thrown : new Error(String(thrown))
}
