import { familyOf } from '../../../core/address.ts'
import { NetworkError } from '../../../core/error.ts'
import type { Conn, ConnectOptions } from '../../../core/network.ts'
import type { FtpSession } from './session.ts'

/** After so long a data port is silent, where the server may be reached by the other family of addresses. */
const silentMs = 3000

/** Data ports are silent by the family of the session. The next session goes by the other one. */
export class OtherFamily extends NetworkError {
  constructor(message: string) {
    super('timeout', message, {
      facts: { phase: 'connect', retryable: true, connectionUsable: false },
    })
  }
}

/**
 * Connects to a data port. Firewalls that open them for IPv4 alone are common: where a server that has both kinds of addresses says
 * nothing, and no data port of it was ever reached, the session ends, and the next one goes by the other kind.
 */
export async function knock(session: FtpSession, options: ConnectOptions): Promise<Conn> {
  const { network, clock, ways, together, elsewhere, host } = session.house
  const mayTurn = elsewhere === 'untried' && familyOf(host) === undefined
  if (!mayTurn || together.hasReached(ways[0])) return network.connect(options)
  const turn = new AbortController()
  const timer = clock.after(silentMs, () => void turnIfOther(session, turn))
  const { signal } = options
  const both = signal === undefined ? turn.signal : AbortSignal.any([turn.signal, signal])
  try {
    return await network.connect({ ...options, signal: both })
  } catch (thrown) {
    if (!turn.signal.aborted || signal?.aborted === true) throw thrown
    session.control.destroy()
    throw turn.signal.reason
  } finally {
    timer.cancel()
  }
}

async function turnIfOther({ house, control }: FtpSession, turn: AbortController): Promise<void> {
  const { host, network, warned } = house
  const here = control.conn.remote.address
  const addresses = await network.lookup(host).catch((): readonly string[] => [])
  // Behind a proxy nobody here knows where the connection leads.
  const other = addresses.includes(here)
    ? addresses.find((address) => familyOf(address) !== familyOf(here))
    : undefined
  if (other === undefined) return
  house.elsewhere = { address: other }
  const text = `the data ports of ${host} are silent by IPv${familyOf(here)}`
  warned(`${text}; going by IPv${familyOf(other)}, to ${other}`)
  turn.abort(new OtherFamily(text))
}
