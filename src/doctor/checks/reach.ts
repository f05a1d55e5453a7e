import { asError, NetworkError } from '../../core/error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Conn } from '../../core/network.ts'
import { encodeText } from '../../core/text.ts'
import { outcomeOf } from '../dialogue.ts'
import { speaks } from '../speaks.ts'
import type { Knock, Lookup, Speaks } from '../step.ts'
import { within } from '../within.ts'
import type { Reaching } from './examination.ts'

/** Asks for the addresses of the host. */
export async function lookUp({ network, clock, host, patienceMs }: Reaching): Promise<Lookup> {
  const started = clock.ticks()
  const ms = (): number => Math.round(clock.ticks() - started)
  try {
    const addresses = await within(clock, patienceMs, network.lookup(host))
    if (addresses === undefined) return { outcome: 'silence', ms: ms(), addresses: [] }
    return { outcome: 'works', ms: ms(), addresses }
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    return { outcome: 'rejected', ms: ms(), addresses: [], text: thrown.message }
  }
}

/** What came of knocking: the connection is the caller's. */
export interface Opened {
  readonly knock: Knock
  readonly conn?: Conn
}

/** Connects to one address and port. */
export async function knock(
  examination: Reaching,
  address: string,
  port: number,
  idles = false,
): Promise<Opened> {
  const { network, clock, patienceMs } = examination
  const started = clock.ticks()
  const told = { address, port }
  try {
    const conn = await network.connect({ host: address, port, timeoutMs: patienceMs, idles })
    return { knock: { ...told, outcome: 'works', ms: Math.round(clock.ticks() - started) }, conn }
  } catch (thrown) {
    const ms = Math.round(clock.ticks() - started)
    return { knock: { ...told, outcome: outcomeOf(thrown), ms, text: asError(thrown).message } }
  }
}

/** Knocks at every address at once; the first that answers, in their order, is the one to talk to. */
export async function reach(
  examination: Reaching,
  addresses: readonly string[],
): Promise<{ readonly knocks: readonly Knock[]; readonly conn?: Conn }> {
  const opened = await Promise.all(
    addresses.slice(0, 8).map((at) => knock(examination, at, examination.port)),
  )
  const [first, ...others] = opened.flatMap(({ conn }) => (conn === undefined ? [] : [conn]))
  for (const conn of others) conn.destroy()
  return { knocks: opened.map((one) => one.knock), ...(first === undefined ? {} : { conn: first }) }
}

/** Where file servers also like to listen. */
const usualPorts = [21, 22, 990, 2121, 2222]

/** Looks at the ports beside the one that does not answer, all at once. */
export async function lookBeside(
  examination: Reaching,
  address: string,
): Promise<readonly (Knock & { readonly speaks: Speaks })[]> {
  const ports = usualPorts.filter((port) => port !== examination.port)
  return Promise.all(ports.map((port) => lookAt({ ...examination, patienceMs: 3000 }, address, port)))
}

export async function lookAt(
  examination: Reaching,
  address: string,
  port: number,
): Promise<Knock & { readonly speaks: Speaks }> {
  const { knock: found, conn } = await knock(examination, address, port)
  if (conn === undefined) return { ...found, speaks: 'nothing' }
  const heard = await firstBytes(examination, conn)
  conn.destroy()
  return { ...found, speaks: heard }
}

/** A ClientHello that no server likes: whoever speaks TLS answers it with an alert. */
const poorHello = Uint8Array.of(0x16, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3)

/** Whoever speaks HTTP answers this, also behind what it takes for the beginning of a line. */
const httpRequest = encodeText('GET / HTTP/1.0\r\n\r\n')

/** What a silent port says for itself, and what it says when it is asked. */
async function firstBytes({ clock, patienceMs }: Reaching, conn: Conn): Promise<Speaks> {
  try {
    const reading = conn.read()
    const own = await within(clock, patienceMs, reading)
    if (own !== undefined) return speaks(own[0] ?? new Uint8Array(0))
    return await answerOf(conn, reading, clock, patienceMs)
  } catch (thrown) {
    outcomeOf(thrown)
    return 'nothing'
  }
}

/** What stands on a port that does not greet: FTPS by the old way, where TLS comes first, a web server, or nobody knows. */
export async function speaksWhenAsked(examination: Reaching, address: string, port: number): Promise<Speaks> {
  const { conn } = await knock(examination, address, port)
  if (conn === undefined) return 'nothing'
  try {
    return await answerOf(conn, conn.read(), examination.clock, 3000)
  } catch (thrown) {
    outcomeOf(thrown)
    return 'nothing'
  } finally {
    conn.destroy()
  }
}

async function answerOf(
  conn: Conn,
  reading: Promise<readonly Uint8Array[] | undefined>,
  clock: Clock,
  patienceMs: number,
): Promise<Speaks> {
  const answer = reading.then((pieces) => pieces?.[0] ?? new Uint8Array(0))
  for (const question of [poorHello, httpRequest]) {
    await conn.write(question)
    const heard = await within(clock, patienceMs, answer)
    if (heard !== undefined) return speaks(heard)
  }
  return 'nothing'
}

/** Whether a web server stands behind TLS that says nothing by itself. */
export async function speaksHttp(conn: Conn, hear: () => Promise<Speaks | undefined>): Promise<boolean> {
  try {
    await conn.write(httpRequest)
    return (await hear()) === 'http'
  } catch (thrown) {
    outcomeOf(thrown)
    return false
  }
}
