import { randomInt } from 'node:crypto'
import type { Ports } from '../../core/account.ts'
import { canonicalAddress, familyOf, isUnspecified } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { Conn, Network, Port } from '../../core/network.ts'
import type { ChannelLink } from '../channel-link.ts'
import type { Channels, OpenAnswer } from '../channels.ts'
import { openFailure } from '../wire/message.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { joined } from '../../core/joined.ts'

/** What listening for a client needs. */
export interface ForwardingParts {
  readonly network: Network
  /** The address to listen on, for each port. */
  readonly host: string
  readonly channels: Channels
  /** The ports that the account may have. */
  readonly allowed: readonly Ports[]
  /** Lets work go on by itself. */
  finish(work: Promise<unknown>): void
  said(line: string): void
}

/** How many ports a client may have at once. */
const mostPorts = 1024

/** How many are tried where any would do. */
const mostTries = 200

const connectMs = 30_000

/** RFC 2577 §3: no service of a client's is below. */
const firstClientPort = 1024

/** Ports that are listened on for a client of SSH, and connections to those alone who came to them (RFC 4254 §7). */
export class Forwarding {
  readonly #parts: ForwardingParts
  readonly #ports = new Map<number, Port>()
  readonly #conns = new Set<Conn>()
  #over = false

  constructor(parts: ForwardingParts) {
    this.#parts = parts
  }

  /** The answer to `tcpip-forward`; undefined is no. */
  async listen(more: Reader): Promise<Uint8Array | undefined> {
    const address = more.text()
    const wanted = more.uint32()
    const port = isAnywhere(address) && this.#ports.size < mostPorts ? await this.#open(wanted) : undefined
    this.#parts.said(`listening on port ${wanted}: ${port ?? 'refused'}`)
    if (port === undefined) return undefined
    return wanted === 0 ? new Writer(4).uint32(port).done() : new Uint8Array(0)
  }

  /** The answer to `cancel-tcpip-forward`. */
  async cancel(more: Reader): Promise<Uint8Array | undefined> {
    more.string()
    const number = more.uint32()
    const port = this.#ports.get(number)
    this.#ports.delete(number)
    await port?.close()
    return port === undefined ? undefined : new Uint8Array(0)
  }

  /** The answer to `direct-tcpip`: nobody is connected to but those who are connected here, as active mode of FTP needs it. */
  direct(more: Reader): OpenAnswer | Promise<OpenAnswer> {
    const address = canonicalAddress(more.text())
    const port = more.uint32()
    const known = [...this.#conns].find(({ remote }) => remote.address === address)
    if (known === undefined || port < firstClientPort || port > 65_535) {
      this.#parts.said(`refused: a connection to ${address} port ${port}`)
      const text = 'only to clients of the ports that are forwarded'
      return { reason: openFailure.administrativelyProhibited, text }
    }
    return this.#connect(address, port, known.local.address)
  }

  /** The connection is over, and with it all that came and went through it. */
  async close(): Promise<void> {
    this.#over = true
    for (const conn of this.#conns) conn.destroy(new Error('the connection is over'))
    for (const port of this.#ports.values()) await port.close()
    this.#ports.clear()
  }

  async #connect(address: string, port: number, localAddress: string): Promise<OpenAnswer> {
    try {
      const conn = await this.#parts.network.connect({
        host: address,
        port,
        localAddress,
        timeoutMs: connectMs,
      })
      if (this.#over) conn.destroy(new Error('the connection is over'))
      return { opened: (link) => this.#join(link, conn) }
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      return { reason: openFailure.connectFailed, text: thrown.message }
    }
  }

  async #open(wanted: number): Promise<number | undefined> {
    if (wanted === 0) return this.#openAny()
    const { allowed } = this.#parts
    return allowed.some(({ first, last }) => wanted >= first && wanted <= last)
      ? this.#listen(wanted)
      : undefined
  }

  async #openAny(): Promise<number | undefined> {
    const { allowed } = this.#parts
    const all = allowed.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    const start = all === 0 ? 0 : randomInt(all)
    for (let tried = 0; tried < Math.min(all, mostTries); tried += 1) {
      const port = await this.#listen(nth(allowed, (start + tried) % all))
      if (port !== undefined) return port
    }
    return undefined
  }

  async #listen(number: number): Promise<number | undefined> {
    if (this.#ports.has(number)) return undefined
    const { network, host } = this.#parts
    try {
      const port = await network.listen({ host, port: number }, (conn) =>
        this.#parts.finish(this.#take(conn, number)),
      )
      this.#ports.set(number, port)
      if (this.#over) await port.close()
      return number
    } catch (thrown) {
      if (thrown instanceof NetworkError) return undefined
      throw thrown
    }
  }

  /** A connection has come to one of the ports. */
  async #take(conn: Conn, number: number): Promise<void> {
    const { address, port } = conn.remote
    const more = new Writer(128).string('').uint32(number).string(address).uint32(port).done()
    // Known from here on: the client may connect back before its answer is read.
    this.#conns.add(conn)
    try {
      const link = await this.#parts.channels.start('forwarded-tcpip', more)
      link.endsMatter = true
      await joined(link, conn)
    } catch (thrown) {
      conn.destroy(Error.isError(thrown) ? thrown : new Error('nobody takes it'))
    } finally {
      this.#conns.delete(conn)
    }
  }

  #join(link: ChannelLink, conn: Conn): void {
    link.endsMatter = true
    this.#conns.add(conn)
    this.#parts.finish(joined(link, conn).finally(() => this.#conns.delete(conn)))
  }
}

/** RFC 4254 §7.1: no address, or one of these, is all of them. There is no other choice here. */
function isAnywhere(address: string): boolean {
  return address === '' || address === '*' || (familyOf(address) !== undefined && isUnspecified(address))
}

function nth(ranges: readonly Ports[], index: number): number {
  let rest = index
  for (const { first, last } of ranges) {
    if (rest <= last - first) return first + rest
    rest -= last - first + 1
  }
  throw new Error('there are not so many ports')
}
