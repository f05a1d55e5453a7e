import { NetworkError, type NetworkFault } from '../core/error.ts'

/** What the system's codes mean for a connection. */
const faults: Readonly<Record<string, readonly [NetworkFault, string]>> = {
  ECONNREFUSED: ['refused', 'nothing listens there'],
  ETIMEDOUT: ['timeout', 'no answer came'],
  EHOSTUNREACH: ['unreachable', 'the host cannot be reached'],
  ENETUNREACH: ['unreachable', 'the network cannot be reached'],
  EADDRINUSE: ['in-use', 'the port is taken'],
  EACCES: ['not-permitted', 'not permitted'],
  EPERM: ['not-permitted', 'not permitted'],
  EADDRNOTAVAIL: ['no-such-address', 'this machine has no such address'],
  EAFNOSUPPORT: ['no-such-address', 'this machine has no such kind of address'],
  ENOTFOUND: ['not-found', 'the name is not known'],
  EAI_AGAIN: ['not-found', 'the name server does not answer'],
  EMFILE: ['failed', 'too many files and connections are open'],
  ENFILE: ['failed', 'too many files and connections are open'],
  ECONNRESET: ['reset', 'the other side cut the connection'],
  EPIPE: ['reset', 'the other side cut the connection'],
  ABORT_ERR: ['aborted', 'stopped'],
  ERR_STREAM_DESTROYED: ['closed', 'the connection is closed'],
  ERR_STREAM_WRITE_AFTER_END: ['closed', 'the connection is closed'],
}

/** Translates what Node throws. */
export function networkError(thrown: unknown): NetworkError {
  if (thrown instanceof NetworkError) return thrown
  const code = Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : ''
  const [fault, text] = faults[code] ?? ['failed', code === '' ? String(thrown) : code]
  return new NetworkError(fault, text, { cause: thrown })
}
