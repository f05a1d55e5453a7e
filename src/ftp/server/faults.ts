import { FileError, NetworkError, type Fault } from '../../core/error.ts'
import { reply, type Reply } from '../wire/reply.ts'
import { Refused } from './refused.ts'

/** The FTP code of each fault of a file (RFC 959 §4.2, RFC 3659 for what came later). */
const codes: Readonly<Record<Fault, number>> = {
  'not-found': 550,
  exists: 550,
  denied: 550,
  quota: 552,
  full: 452,
  busy: 450,
  'is-directory': 550,
  'not-directory': 550,
  'not-empty': 550,
  invalid: 553,
  unsupported: 504,
  aborted: 426,
  failed: 451,
}

/** The reply to whatever a command threw; undefined: a bug of ours. */
export function replyToError(thrown: unknown): Reply | undefined {
  if (thrown instanceof Refused) return thrown.reply
  if (thrown instanceof FileError) return reply(codes[thrown.fault], sentence(thrown.message))
  if (thrown instanceof NetworkError)
    return reply(426, sentence(`The data connection broke: ${thrown.message}`))
  return undefined
}

/** A message as a sentence: the errors of the house begin small and end bare. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?]$/u.test(text) ? text : `${text}.`
}
