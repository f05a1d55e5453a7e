import type { FtpSession } from '../session/session.ts'
import type { Transfer } from './begin-transfer.ts'

/** How long a server may take to notice that a transfer was stopped. */
const stopMs = 3000

/** A server answers ABOR with one reply or two, with or without one for the transfer. */
const mostReplies = 4

/**
 * Stops a transfer and keeps the session. How many replies ABOR brings, no two servers agree on: so a question with an answer of
 * its own is asked behind it, and all before that answer belongs to the transfer. Where it does not come the session ends.
 */
export async function stopTransfer(session: FtpSession, transfer: Transfer, reason: Error): Promise<void> {
  const { control } = session
  transfer.conn.destroy(reason)
  if (!control.usable) return
  try {
    await control.send('ABOR')
    await control.send('PWD')
    for (let count = 0; count < mostReplies; count += 1) {
      if ((await control.reply(stopMs)).code === 257) return
    }
    control.destroy()
  } catch {
    control.destroy()
  }
}
