import { familyOf, isPrivate, isUnspecified, sameAddress } from '../../../core/address.ts'
import { NetworkError } from '../../../core/error.ts'
import type { Conn, ConnectOptions, Port } from '../../../core/network.ts'
import { formatEprt, formatPort, parseEpsvReply, parsePasvReply } from '../../wire/address.ts'
import type { Reply } from '../../wire/reply.ts'
import { encryptData } from '../session/encrypt.ts'
import { textOf } from '../faults.ts'
import { knock, OtherFamily } from '../session/other-family.ts'
import type { FtpSession } from '../session/session.ts'
import type { Way } from '../session/way.ts'

/** A data connection that is agreed on: there already (passive), or to come (active). */
export interface DataChannel {
  readonly way: Way
  /** The connection, encrypted where data connections are; for active mode it comes once the command runs. */
  conn(): Promise<Conn>
  /** Ends what will not be used. */
  drop(): void
}

/** One way did not lead to a data connection; the next may. */
export class NoWay extends Error {
  readonly reply: string | undefined
  /** It took long to find out, as nobody answered. */
  readonly isSilent: boolean

  constructor(message: string, reply?: string, isSilent = false) {
    super(message)
    this.name = 'NoWay'
    this.reply = reply
    this.isSilent = isSilent
  }
}

/** Agrees on a data connection by one way. */
export function openChannel(session: FtpSession, way: Way, signal?: AbortSignal): Promise<DataChannel> {
  switch (way) {
    case 'EPSV':
    case 'PASV':
      return passive(session, way, signal)
    case 'EPRT':
    case 'PORT':
      return active(session, way, signal)
  }
}

/** In passive mode a port that a firewall drops must not cost the patience that a slow server deserves. */
const longestConnectMs = 10_000

async function passive(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  signal: AbortSignal | undefined,
): Promise<DataChannel> {
  const { control } = session
  if (way === 'PASV' && familyOf(control.conn.remote.address) === 6) throw new NoWay('PASV knows IPv4 only')
  const reply = await askPassive(session, way)
  if (reply.code >= 300) throw new NoWay(`the server refuses ${way}`, textOf(reply))
  return reach(session, way, reply, signal)
}

/** Connects to where the reply to EPSV or PASV says. */
export async function reach(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  reply: Reply,
  signal: AbortSignal | undefined,
): Promise<DataChannel> {
  const at = placeIn(session, way, textOf(reply))
  try {
    const conn = await knock(session, dialling(session, at, signal))
    return reached(session, way, conn, signal)
  } catch (thrown) {
    const isOver = thrown instanceof OtherFamily
    if (!(thrown instanceof NetworkError) || thrown.fault === 'aborted' || isOver) throw thrown
    throw new NoWay(
      `${way} named port ${at.port}, and it cannot be reached: ${thrown.message}`,
      textOf(reply),
      thrown.fault === 'timeout',
    )
  }
}

/** Where a data connection leads. */
export interface DataPlace {
  readonly address: string
  readonly port: number
}

/** How it is connected to. */
export function dialling(
  { house }: FtpSession,
  { address, port }: DataPlace,
  signal: AbortSignal | undefined,
): ConnectOptions {
  const timeoutMs = Math.min(house.silenceMs, longestConnectMs)
  const options = { host: address, port, forData: true, timeoutMs }
  return signal === undefined ? options : { ...options, signal }
}

/** ftp-srv answers no transfer before TLS stands on its connection; all others are as happy with a ClientHello that waits for them. */
function reached(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  conn: Conn,
  signal: AbortSignal | undefined,
): DataChannel {
  if (!session.isPrivate) return { way, conn: async () => conn, drop: () => conn.destroy() }
  const securing = encryptData(session.house, session.control.conn, conn, signal)
  // It is waited for once the command runs; until then its failure must not count as one that nobody heard.
  securing.catch(() => undefined)
  const drop = (): void => {
    conn.destroy()
    void securing.then(
      (secured) => secured.destroy(),
      () => undefined,
    )
  }
  return { way, conn: () => securing, drop }
}

/** Some middle-boxes swallow EPSV, and the session dies of it: the next one begins with PASV. */
async function askPassive({ control, house }: FtpSession, way: 'EPSV' | 'PASV'): Promise<Reply> {
  try {
    return await control.ask(way)
  } catch (thrown) {
    if (way === 'EPSV' && thrown instanceof NetworkError && thrown.fault === 'timeout') {
      house.ways = [
        ...house.ways.filter((other) => other !== 'EPSV'),
        ...house.ways.filter((other) => other === 'EPSV'),
      ]
      house.said('note', 'EPSV is not answered: the next session begins with PASV')
    }
    throw thrown
  }
}

/**
 * Where to connect. The address of a 227 reply is not believed unless somebody said so: behind routers it is private, wrong, or
 * 0.0.0.0, and one that names a third host would make us knock there.
 */
export function placeIn(session: FtpSession, way: 'EPSV' | 'PASV', text: string): DataPlace {
  const { host } = session.house
  // The system tells a link-local address without its zone, and without that it leads nowhere.
  const peer = host.includes('%') ? host : session.control.conn.remote.address
  if (way === 'EPSV') {
    const port = parseEpsvReply(text.slice(4))
    if (port === undefined) throw new NoWay('the reply to EPSV names no port', text)
    return { address: peer, port }
  }
  const named = parsePasvReply(text.slice(4))
  if (named === undefined) throw new NoWay('the reply to PASV names no address', text)
  if (sameAddress(named.address, peer)) return named
  const believable = !isUnspecified(named.address) && (!isPrivate(named.address) || isPrivate(peer))
  if (session.house.options.believePasv === true && believable) return named
  session.house.said('note', `PASV names ${named.address}; ${peer} is used, where the server is`)
  return { address: peer, port: named.port }
}

async function active(
  session: FtpSession,
  way: 'EPRT' | 'PORT',
  signal: AbortSignal | undefined,
): Promise<DataChannel> {
  const { control, house } = session
  const { local } = control.conn
  if (way === 'PORT' && familyOf(local.address) !== 4) throw new NoWay('PORT knows IPv4 only')
  const arrival = new Arrival(control.conn.remote.address)
  const port = await listen(session, local.address, arrival)
  const told = { address: house.options.activeAddress ?? local.address, port: port.local.port }
  try {
    const argument = way === 'PORT' ? formatPort(told) : formatEprt(told)
    const reply = await control.ask(`${way} ${argument}`)
    if (reply.code >= 300) throw new NoWay(`the server refuses ${way}`, textOf(reply))
  } catch (thrown) {
    await port.close()
    throw thrown
  }
  const drop = (): void => {
    arrival.end()
    void port.close()
  }
  return {
    way,
    drop,
    async conn() {
      const timer = house.clock.after(house.silenceMs, () => arrival.end())
      try {
        const conn = await arrival.come()
        if (conn === undefined) throw new NoWay('the server did not connect back', undefined, true)
        return session.isPrivate ? await encryptData(house, control.conn, conn, signal) : conn
      } finally {
        timer.cancel()
        await port.close()
      }
    },
  }
}

async function listen(session: FtpSession, host: string, arrival: Arrival): Promise<Port> {
  const { network, options } = session.house
  const { first, last } = options.activePorts ?? { first: 0, last: 0 }
  for (let port = first; ; port += 1) {
    try {
      return await network.listen({ host, port }, (conn) => arrival.take(conn))
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      if (port >= last) throw new NoWay(`no port can be opened for active mode: ${thrown.message}`)
    }
  }
}

/** The connection that the server makes; others are shown the door. */
class Arrival {
  readonly #from: string
  #conn: Conn | undefined
  #ended = false
  #wake: ((conn: Conn | undefined) => void) | undefined

  constructor(from: string) {
    this.#from = from
  }

  take(conn: Conn): void {
    if (this.#ended || this.#conn !== undefined || !sameAddress(conn.remote.address, this.#from)) {
      conn.destroy()
      return
    }
    this.#conn = conn
    this.#wake?.(conn)
  }

  come(): Promise<Conn | undefined> {
    if (this.#conn !== undefined || this.#ended) return Promise.resolve(this.#conn)
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  end(): void {
    this.#ended = true
    if (this.#wake === undefined) this.#conn?.destroy()
    this.#wake?.(this.#conn)
  }
}
