import type { Outcome } from '../interop-client.ts'
import type { Ended } from '../program.ts'

/** The outcome of a program that says by its exit code how it went. */
export function byExitCode(ended: Ended): Outcome {
  return { ok: ended.code === 0, printed: ended.printed, command: ended.command }
}

/** The outcome of a program that ends with 0 whatever happened, and shows the server's replies. */
export function byReplies(ended: Ended): Outcome {
  const refused = /^(?:\? ?|usage: |[45]\d\d[ -]|.*(?:No such file|not connected|Login failed))/imu.test(
    ended.printed,
  )
  return { ok: ended.code === 0 && !refused, printed: ended.printed, command: ended.command }
}
