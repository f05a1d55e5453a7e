import { NetworkError } from '../../core/error.ts'
import type { Conn, Peer } from '../../core/network.ts'
import type { Abort } from './abort.ts'
import type { Arrived } from './arrival.ts'
import type { PassivePort } from './passive-port.ts'
import { PassiveWait } from './passive-wait.ts'
import { Refused } from './refused.ts'
import type { Visit } from './visit.ts'

type Plan =
  | { readonly kind: 'none' }
  | { readonly kind: 'passive'; readonly wait: PassiveWait }
  | { readonly kind: 'active'; readonly peer: Peer }

/**
 * How the next data connection comes about: nothing agreed, a listener of ours, or an address of the client's.
 * At most one listener at a time; a new agreement ends the old one, and so does the end of the login. A listener may wait
 * for the next agreement a moment.
 */
export class DataLink {
  readonly #visit: Visit
  #plan: Plan = { kind: 'none' }
  #kept: PassivePort | undefined

  constructor(visit: Visit) {
    this.#visit = visit
  }

  /** Whether a transfer could be started now. */
  get agreed(): boolean {
    return this.#plan.kind !== 'none'
  }

  /** Listens for the client (PASV, EPSV) and tells where. */
  async passive(): Promise<number> {
    this.#disagree()
    const { settings } = this.#visit.server
    if (settings.passive === 'off')
      throw new Refused(502, 'Passive mode is off on this server, use PORT or EPRT.')
    const wait = new PassiveWait(this.#visit, (port) => this.#keep(port))
    this.#plan = { kind: 'passive', wait }
    try {
      return await wait.begin(this.#takeKept())
    } catch (thrown) {
      if (this.#isFor(wait)) this.#plan = { kind: 'none' }
      throw thrown
    }
  }

  /** Agrees on an address of the client's (PORT, EPRT). */
  active(peer: Peer): void {
    this.close()
    this.#plan = { kind: 'active', peer }
  }

  /**
   * The data connection, made or awaited. It is the caller's from here on. `near` is called when one has come that is likely
   * to be it, and says so only when it is spoken to.
   */
  async open(abort: Abort, near: () => void): Promise<Arrived> {
    const plan = this.#plan
    switch (plan.kind) {
      case 'none':
        throw new Refused(425, 'Say first how to connect: PASV, EPSV, PORT or EPRT.')
      case 'active':
        this.#plan = { kind: 'none' }
        return { conn: await this.#connect(plan.peer, abort) }
      case 'passive':
        try {
          return await plan.wait.end(abort, near)
        } finally {
          if (this.#isFor(plan.wait)) this.#plan = { kind: 'none' }
        }
    }
  }

  /** Ends what was agreed: no listener and no waiting connection is left behind. */
  close(): void {
    this.#disagree()
    this.#letGo(this.#takeKept())
  }

  /** The client says nothing more: what it still connects it connects now. */
  hurry(): void {
    if (this.#plan.kind === 'passive') this.#plan.wait.hurry()
  }

  /** Gives up a wait that was too long, and a listener that was kept for so long that it is not used again. */
  tidy(): void {
    if (this.#plan.kind === 'passive') this.#plan.wait.tidy()
    if (this.#kept?.fresh === false) this.#letGo(this.#takeKept())
  }

  #disagree(): void {
    const plan = this.#plan
    this.#plan = { kind: 'none' }
    if (plan.kind === 'passive') plan.wait.close()
  }

  #keep(port: PassivePort): void {
    this.#kept = port
    port.keep()
  }

  #takeKept(): PassivePort | undefined {
    const kept = this.#kept
    this.#kept = undefined
    return kept
  }

  #letGo(port: PassivePort | undefined): void {
    if (port !== undefined) this.#visit.server.finish(port.letGo())
  }

  #isFor(wait: PassiveWait): boolean {
    return this.#plan.kind === 'passive' && this.#plan.wait === wait
  }

  async #connect(peer: Peer, abort: Abort): Promise<Conn> {
    const { network, settings } = this.#visit.server
    const how = {
      host: peer.address,
      port: peer.port,
      localAddress: this.#visit.conn.local.address,
      signal: abort.signal,
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
      if (abort.aborted) throw new Refused(426, 'Aborted before the data connection stood.')
      throw new Refused(
        425,
        `Cannot connect to ${peer.address} port ${peer.port}: ${thrown.message}.`,
        'If a firewall or router stands before you, use passive mode.',
      )
    }
  }
}

const portFaults: ReadonlySet<NetworkError['fault']> = new Set(['in-use', 'not-permitted', 'no-such-address'])
