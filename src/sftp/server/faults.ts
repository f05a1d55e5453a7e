import { FileError, ProtocolError, type Fault } from '../../core/error.ts'
import { status, type Answer } from '../wire/reply.ts'

/** The status of each fault of a file: version 3 has only nine, and clients show the text (draft-ietf-secsh-filexfer-02 §7). */
const codes: Readonly<Record<Fault, number>> = {
  'not-found': status.noSuchFile,
  exists: status.failure,
  denied: status.permissionDenied,
  quota: status.failure,
  full: status.failure,
  busy: status.failure,
  'is-directory': status.failure,
  'not-directory': status.noSuchFile,
  'not-empty': status.failure,
  invalid: status.failure,
  unsupported: status.unsupported,
  aborted: status.failure,
  failed: status.failure,
}

/** What is answered when all went well and there is nothing to tell. */
export const ok: Answer = { kind: 'status', code: status.ok, message: 'Success', language: 'en' }

/** The end of a file or of a listing, which is no error. */
export const endOfFile: Answer = {
  kind: 'status',
  code: status.endOfFile,
  message: 'End of file',
  language: 'en',
}

/** The answer to whatever a request threw; undefined: a bug of ours. */
export function answerToError(thrown: unknown): Answer | undefined {
  if (thrown instanceof FileError) return failed(codes[thrown.fault], thrown.message)
  if (thrown instanceof ProtocolError) return failed(status.badMessage, thrown.message)
  return undefined
}

/** A status that is not OK, with its text as a sentence. */
export function failed(code: number, message: string): Answer {
  return {
    kind: 'status',
    code,
    message: message.charAt(0).toUpperCase() + message.slice(1),
    language: 'en',
  }
}
