import { asError, NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { reply } from '../wire/reply.ts'
import { Abort } from './abort.ts'
import type { Arrived } from './arrival.ts'
import type { LoggedIn } from './logged-in.ts'
import { Refused } from './refused.ts'
import type { Running } from './visit.ts'

/** Does the work of a command that ABOR may stop and STAT may ask about. */
export async function running<Result>(
  login: LoggedIn,
  what: string,
  work: (run: Running) => Promise<Result>,
): Promise<Result> {
  const run: Running = { abort: new Abort(), announced: false, bytes: 0, what }
  login.visit.running = run
  try {
    return await work(run)
  } finally {
    login.visit.running = undefined
  }
}

/**
 * Opens the data connection, says 150 once it stands (a client that is told before may wait for it in vain), and
 * closes it whatever happens. Under TLS most clients begin their handshake when they have heard that, and only the
 * handshake tells whose a connection is: there 150 is said as soon as one is there that may be it.
 */
export async function withData<Result>(
  login: LoggedIn,
  run: Running,
  opening: string,
  work: (conn: Conn) => Promise<Result>,
  way: 'up' | 'down' = 'down',
): Promise<Result> {
  const { abort } = run
  const { security } = login.visit
  security.check(login.session.account.name)
  const tell = async (): Promise<void> => {
    if (run.announced) return
    run.announced = true
    // Who uploads waits for it, and who has to begin TLS: all others hear it while the data is on its way.
    if (way === 'up' || security.proof !== undefined) await login.visit.say(reply(150, opening))
    else login.visit.sayBegun(reply(150, opening))
  }
  const arrived = await login.data.open(abort, () => void tell())
  let { conn } = arrived
  // Where the work waits for its turn at a limited speed, it does not hear of the end of the connection for long.
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => undefined)
  const stop = (): void => {
    conn.destroy(abort.reason)
    stopped.reject(abort.reason)
  }
  abort.listen(stop)
  try {
    await tell()
    abort.check()
    conn = await secured(login, arrived, way, abort)
    const result = await Promise.race([work(conn), stopped.promise])
    security.tellEnd(conn, way)
    // TLS says the end in both directions: clients wait for it, behind an upload as well (RFC 8446 §6.1).
    if (conn.secure) await conn.end().catch(() => undefined)
    return result
  } catch (thrown) {
    // A cut and not an end: what the client has is not the whole.
    conn.destroy(asError(thrown))
    security.tellEnd(conn, way)
    if (abort.reason !== undefined) throw new Refused(426, `Stopped: ${abort.reason.message}.`)
    if (thrown instanceof NetworkError) {
      const verdict = security.verdictOf(conn)
      throw new Refused(
        426,
        `The data connection broke after ${run.bytes} bytes: ${thrown.message}${verdict}.`,
      )
    }
    throw thrown
  } finally {
    abort.forget(stop)
    conn.destroy()
  }
}

/** Counts what a transfer has moved; that also keeps the session from being idle. */
export function moved(login: LoggedIn, run: Running, bytes: number): void {
  run.bytes += bytes
  login.visit.touch()
}

async function secured(login: LoggedIn, arrived: Arrived, way: 'up' | 'down', abort: Abort): Promise<Conn> {
  try {
    return await login.visit.security.protect(arrived, way, abort)
  } catch (thrown) {
    if (!(thrown instanceof NetworkError) || abort.aborted) throw thrown
    login.visit.security.tellFailure(purposes[way], thrown.message)
    throw new Refused(522, `TLS on the data connection failed: ${thrown.message}.`)
  }
}

const purposes = { up: 'upload', down: 'download' } as const
