import { setImmediate } from 'node:timers'
import { Refused } from './refused.ts'
import type { Running, Visit } from './visit.ts'

/** How much of an upload's time may be spent in doubt of its end, and how long at most. */
const doubtShare = 1 / 20
const longestDoubtMs = 10

/** Timers are never to the millisecond; this is more than that. */
const lateMs = 3

/** How often the moment is given again where it came late. */
const mostMoments = 5

/**
 * Resolves when the end of an upload's data may be taken for the end of its file. MODE S has no other end than the close
 * (RFC 959 §3.4.1), and a client that is killed closes both its connections, in either order: measured on Linux, the control
 * connection follows the data up to a millisecond later. So it is given a moment to end too. The moment is a share of what
 * the upload took, as the danger is, so that small files are not slowed down. A moment that takes longer than it was asked to means that the
 * machine is busy, and then the client's end is late as well: it is given again.
 */
export async function provenEnd(visit: Visit, run: Running, tookMs: number): Promise<void> {
  const { clock } = visit.server
  // What has arrived by now on the control connection is seen one turn of the event loop later.
  await new Promise((resolve) => setImmediate(resolve))
  const doubtMs = Math.min(longestDoubtMs, Math.floor(tookMs * doubtShare))
  const moments = doubtMs > 0 ? mostMoments : 0
  for (let moment = 0; moment < moments && !visit.gone; moment += 1) {
    const began = clock.ticks()
    await new Promise<void>((resolve) => clock.after(doubtMs, resolve))
    if (clock.ticks() - began < doubtMs + lateMs) break
  }
  // One that gives up may close the data connection before it says ABOR.
  run.abort.check()
  if (visit.gone) throw new Refused(426, 'The control connection ended before the file did.')
}
