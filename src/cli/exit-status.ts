import {
  FileError,
  IncompleteError,
  LoginError,
  NetworkError,
  ProtocolError,
  TrustError,
  type Facts,
} from '../core/error.ts'
import { cleanText } from './clean-text.ts'
import { UsageError } from './usage-error.ts'

/** The status that tells a script what went wrong. */
export function exitStatus(error: Error): number {
  if (wasInterrupted(error)) return 130
  if (error instanceof UsageError) return 2
  if (error instanceof LoginError) return 4
  if (error instanceof TrustError) return 7
  if (error instanceof IncompleteError) return 6
  if (error instanceof FileError) return 5
  if (error instanceof NetworkError || error instanceof ProtocolError) {
    // Once bytes flow, what breaks leaves a file that is not proven whole; before that, nobody was reached.
    return error.facts.phase === 'data' || error.facts.phase === 'end' ? 6 : 3
  }
  return 1
}

/** Whether it ended because somebody wanted it to. */
export function wasInterrupted(error: Error): boolean {
  return error.name === 'AbortError' || (error instanceof NetworkError && error.fault === 'aborted')
}

/** What is known about trouble beyond its sentence. */
export function factsOf(error: Error): Facts {
  return 'facts' in error ? (error.facts as Facts) : {}
}

/** Whether an error is one that may happen, and no mistake of ours. */
export function isExpected(error: Error): boolean {
  return (
    wasInterrupted(error) ||
    [FileError, ProtocolError, NetworkError, LoginError, TrustError, IncompleteError, UsageError].some(
      (kind) => error instanceof kind,
    )
  )
}

/** One sentence, what the other side said behind it, and a hint where one is known. */
export function errorText(error: Error, about?: string): string {
  const { reply, hint } = factsOf(error)
  const sentence = `${about === undefined ? '' : `${about}: `}${wasInterrupted(error) ? 'interrupted' : error.message}`
  const isSaid = reply === undefined || sentence.toLowerCase().includes(reply.toLowerCase())
  const said = isSaid ? '' : ` (the other side said: ${reply})`
  return cleanText(`${sentence}${said}`) + (hint === undefined ? '' : `\n  ${cleanText(hint)}`)
}
