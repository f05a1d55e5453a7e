import { sameAddress } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { Timer } from '../../core/clock.ts'
import type { Conn, Peer, Port } from '../../core/network.ts'
import { listenInRange } from './passive-ports.ts'
import { Refused } from './refused.ts'
import type { PortRange } from './settings.ts'
import type { Visit } from './visit.ts'

/** A listener and what came to it. */
interface Pending {
  readonly kind: 'passive'
  port: Port | undefined
  conn: Conn | undefined
  /** Called when a connection has come, or never will. */
  wake: (() => void) | undefined
  timer: Timer | undefined
}

type Plan = { readonly kind: 'none' } | Pending | { readonly kind: 'active'; readonly peer: Peer }

/**
 * How the next data connection comes about: nothing agreed, a listener of ours, or an address of the client's.
 * At most one listener at a time; a new agreement ends the old one, and so does the end of the login.
 */
export class DataLink {
  readonly #visit: Visit
  #plan: Plan = { kind: 'none' }

  constructor(visit: Visit) {
    this.#visit = visit
  }

  /** Whether a transfer could be started now. */
  get agreed(): boolean {
    return this.#plan.kind !== 'none'
  }

  /** Listens for the client (PASV, EPSV) and tells where. */
  async passive(): Promise<number> {
    this.close()
    const { settings, clock } = this.#visit.server
    if (settings.passive === 'off')
      throw new Refused(502, 'Passive mode is off on this server, use PORT or EPRT.')
    const pending: Pending = {
      kind: 'passive',
      port: undefined,
      conn: undefined,
      wake: undefined,
      timer: undefined,
    }
    this.#plan = pending
    const port = await this.#listen(settings.passive, pending)
    if (this.#plan !== pending) {
      await port.close()
      throw new Refused(425, 'The session ended.')
    }
    pending.port = port
    pending.timer = clock.after(settings.dataConnectMs, () => this.#expire(pending))
    return port.local.port
  }

  /** Agrees on an address of the client's (PORT, EPRT). */
  active(peer: Peer): void {
    this.close()
    this.#plan = { kind: 'active', peer }
  }

  /** The data connection, made or awaited. It is the caller's from here on. */
  async open(signal: AbortSignal): Promise<Conn> {
    const plan = this.#plan
    switch (plan.kind) {
      case 'none':
        throw new Refused(425, 'Say first how to connect: PASV, EPSV, PORT or EPRT.')
      case 'active':
        this.#plan = { kind: 'none' }
        return this.#connect(plan.peer, signal)
      case 'passive':
        return this.#await(plan, signal)
    }
  }

  /** Ends what was agreed: no listener and no waiting connection is left behind. */
  close(): void {
    const plan = this.#plan
    this.#plan = { kind: 'none' }
    if (plan.kind !== 'passive') return
    this.#closePort(plan)
    plan.conn?.destroy(new Error('not used'))
    plan.conn = undefined
    plan.wake?.()
  }

  async #listen(passive: PortRange | 'any', pending: Pending): Promise<Port> {
    try {
      const { address } = this.#visit.conn.local
      // A link-local address cannot be bound without its zone, and a socket does not tell its own.
      const host = address.startsWith('fe80:') ? '::' : address
      const accept = (conn: Conn): void => this.#arrive(pending, conn)
      return await listenInRange(this.#visit.server.network, host, passive, accept)
    } catch (thrown) {
      this.#plan = { kind: 'none' }
      if (!(thrown instanceof NetworkError)) throw thrown
      this.#visit.warn(`no passive port: ${thrown.message}`)
      throw new Refused(425, `No passive port can be opened now: ${thrown.message}.`)
    }
  }

  #arrive(pending: Pending, conn: Conn): void {
    const expected = this.#visit.conn.remote.address
    if (!sameAddress(conn.remote.address, expected)) {
      conn.destroy(new Error('another address'))
      this.#visit.warn(
        `a data connection from ${conn.remote.address} was refused, the control connection is from ${expected}`,
      )
      return
    }
    if (this.#plan !== pending || pending.conn !== undefined) {
      conn.destroy(new Error('one is there already'))
      return
    }
    pending.conn = conn
    this.#closePort(pending)
    pending.wake?.()
  }

  #expire(pending: Pending): void {
    if (this.#plan !== pending || pending.conn !== undefined) return
    this.#closePort(pending)
    this.#plan = { kind: 'none' }
    pending.wake?.()
  }

  async #await(pending: Pending, signal: AbortSignal): Promise<Conn> {
    const port = pending.port?.local.port ?? 0
    const { clock, settings } = this.#visit.server
    // The wait begins anew with the command: it may come long after PASV from a person who types.
    pending.timer?.cancel()
    if (pending.conn === undefined)
      pending.timer = clock.after(settings.dataConnectMs, () => this.#expire(pending))
    while (pending.conn === undefined && this.#plan === pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        pending.wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    pending.wake = undefined
    const conn = pending.conn
    if (this.#plan === pending) this.#plan = { kind: 'none' }
    this.#closePort(pending)
    pending.conn = undefined
    if (signal.aborted) {
      conn?.destroy(new Error('aborted'))
      throw new Refused(426, 'Aborted before the data connection came.')
    }
    if (conn !== undefined) return conn
    const seconds = Math.round(settings.dataConnectMs / 1000)
    throw new Refused(
      425,
      `No data connection came to port ${port} within ${seconds} s.`,
      'A firewall or router between us may let this port not through: the passive ports of this server must be open.',
    )
  }

  #closePort(pending: Pending): void {
    pending.timer?.cancel()
    pending.timer = undefined
    const { port } = pending
    pending.port = undefined
    if (port !== undefined) this.#visit.server.finish(port.close())
  }

  async #connect(peer: Peer, signal: AbortSignal): Promise<Conn> {
    const { network, settings } = this.#visit.server
    const how = {
      host: peer.address,
      port: peer.port,
      localAddress: this.#visit.conn.local.address,
      signal,
      timeoutMs: settings.dataConnectMs,
    }
    try {
      if (settings.activePort === 0) return await network.connect(how)
      try {
        return await network.connect({ ...how, localPort: settings.activePort })
      } catch (thrown) {
        // Port 20 belongs to root, and to one connection for each port of a client.
        const taken = thrown instanceof NetworkError && portFaults.has(thrown.fault)
        if (!taken) throw thrown
        return await network.connect(how)
      }
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      if (signal.aborted) throw new Refused(426, 'Aborted before the data connection stood.')
      throw new Refused(
        425,
        `Cannot connect to ${peer.address} port ${peer.port}: ${thrown.message}.`,
        'If a firewall or router stands before you, use passive mode.',
      )
    }
  }
}

const portFaults: ReadonlySet<NetworkError['fault']> = new Set(['in-use', 'not-permitted', 'no-such-address'])
