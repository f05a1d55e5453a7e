import { NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { Reply } from '../wire/reply.ts'
import { NoWay, reach } from './data-channel.ts'
import type { FtpSession } from './session.ts'

/** How long a server may take to refuse a file whose data connection it did not wait for. */
const lastWordsMs = 2000

/** By which way a small file may be moved quickly: one that has led somewhere, of a server that has taken commands together. */
export function quickWay({ house, isBinary, isPrivate }: FtpSession): 'EPSV' | 'PASV' | undefined {
  const [way] = house.ways
  const isKnown = isBinary && !isPrivate && house.together.hasWorked && house.together.hasReached(way)
  return isKnown && (way === 'EPSV' || way === 'PASV') ? way : undefined
}

/**
 * Moves a small file as most of them go: two commands in one write, the bytes, three replies. A tree is mostly such files, and
 * all that an open file needs for what may happen between (places, retries, pieces) costs as much as the rest of it. False: it went
 * otherwise, and nothing is known of the file; who wants it opens it. The session is in step then, or over.
 */
export async function quickTransfer(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  line: string,
  move: (conn: Conn) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { control, house } = session
  let conn: Conn | undefined
  const stop = (): void => {
    control.destroy(new NetworkError('aborted', 'stopped'))
    conn?.destroy()
  }
  // All of it is to take no longer than one silence may.
  const timer = house.clock.after(house.silenceMs, stop)
  signal?.addEventListener('abort', stop, { once: true })
  session.used = true
  try {
    await control.sendTogether([way, line])
    const agreed = await control.reply()
    conn = await connected(session, way, agreed, signal)
    const moving = conn === undefined ? undefined : succeeds(conn, move)
    const begun = await control.reply(conn === undefined ? lastWordsMs : undefined)
    // A server that refuses a file may let the data connection wait.
    if (begun.code >= 200) conn?.destroy()
    const isMoved = await moving
    if (signal?.aborted === true) throw new NetworkError('aborted', 'stopped')
    if (begun.code >= 400 && begun.code !== 421) return false
    if (isMoved === true && begun.code < 200 && (await control.final()).code < 300) return true
    control.destroy()
    return false
  } catch (thrown) {
    control.destroy()
    if (!(thrown instanceof NetworkError) || signal?.aborted === true) throw thrown
    return false
  } finally {
    timer.cancel()
    signal?.removeEventListener('abort', stop)
    conn?.destroy()
  }
}

/** undefined: there is no way, perhaps as the file was refused and nobody is waited for. */
async function connected(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  agreed: Reply,
  signal: AbortSignal | undefined,
): Promise<Conn | undefined> {
  if (agreed.code >= 300) return undefined
  try {
    const channel = await reach(session, way, agreed, signal)
    return await channel.conn()
  } catch (thrown) {
    if (thrown instanceof NoWay) return undefined
    throw thrown
  }
}

async function succeeds(conn: Conn, move: (conn: Conn) => Promise<void>): Promise<boolean> {
  try {
    await move(conn)
    return true
  } catch (thrown) {
    conn.destroy()
    if (thrown instanceof NetworkError) return false
    throw thrown
  }
}
