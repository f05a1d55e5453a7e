import { NetworkError } from '../../../core/error.ts'
import type { Reply } from '../../wire/reply.ts'
import { textOf } from '../faults.ts'

/** What each way to lose a control connection says: it can be made again, and this one is of no more use. */
const facts = { retryable: true, connectionUsable: false } as const

/** The server said 421 (RFC 959 §4.2). */
export function sessionEnded(reply: Reply): NetworkError {
  return new NetworkError('closed', 'the server ends the session', {
    facts: { code: 421, reply: textOf(reply), phase: 'command', ...facts },
  })
}

/** The server closed the connection without a word. */
export function closed(): NetworkError {
  return new NetworkError('closed', 'the server closed the connection', { facts })
}

/** A session that is cut passes as one that is closed does. */
export function cutOff(thrown: unknown): unknown {
  if (!(thrown instanceof NetworkError) || thrown.fault !== 'reset') return thrown
  return new NetworkError('reset', thrown.message, { cause: thrown, facts: { ...facts, ...thrown.facts } })
}

/** No reply came in time. */
export function silent(waitMs: number): NetworkError {
  return new NetworkError('timeout', `the server said nothing for ${Math.round(waitMs / 1000)} s`, {
    facts: { ...facts, hint: 'ferry doctor, with this URL, finds out which step is not answered.' },
  })
}

/** Bytes of a reply kept coming, and never its end. */
export function neverWhole(): NetworkError {
  return new NetworkError('timeout', 'the server begins a reply and never ends it', { facts })
}
