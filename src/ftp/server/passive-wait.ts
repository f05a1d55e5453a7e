import type { Timer } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import { Abort } from './abort.ts'
import type { Arrived } from './arrival.ts'
import type { Expected, PassivePort } from './passive-port.ts'
import type { Awaited } from './place.ts'
import { Refused } from './refused.ts'
import type { Visit } from './visit.ts'

/** How long the right connection may still take once a wrong one was refused. */
const afterRefusalMs = 3000

/**
 * How long it may still take once the control connection has ended: who has died makes none, and who has only said that no
 * command will follow (`nc -N`, a half-closed connection) makes it now.
 */
const afterEndMs = 3000

/** Who has begun TLS and asks for nothing within this time waits for us to do our part first (aioftp, Go's jlaffaye/ftp). */
const untilHandshakeMs = 250

/** From a PASV or EPSV to its connection, or to the end of waiting for it. */
export class PassiveWait implements Expected {
  readonly alone: boolean
  readonly #visit: Visit
  readonly #keep: (port: PassivePort) => void
  #port: PassivePort | undefined
  #number = 0
  /** Then nobody waits any more; Infinity: nothing is waited for. */
  #until = Infinity
  #arrived: Arrived | undefined
  #over = false
  /** The command for the transfer has come. */
  #asked = false
  /** When TLS is begun without it. */
  #early: Timer | undefined
  /** Why a connection that may have been its own was refused. */
  #refusal: string | undefined
  #near = false
  #tellNear: (() => void) | undefined
  /** Called when something has changed. */
  #wake: (() => void) | undefined

  /** `keep` is given its port once the connection has come, where it may be used again. */
  constructor(visit: Visit, keep: (port: PassivePort) => void) {
    this.#visit = visit
    this.#keep = keep
    const { security, server } = visit
    const hides = server.passive.isDistrusted(this.address) && security.resumes !== true
    this.alone = security.proof === undefined || security.resumes === false || hides
  }

  get address(): string {
    return this.#visit.conn.remote.address
  }

  get proof(): Awaited['proof'] {
    return this.#visit.security.proof
  }

  /** A command runs that has not come to its connection: its file takes long to open, and under TLS the client waits for 150. */
  get opening(): boolean {
    return !this.#asked && this.#visit.running !== undefined
  }

  /** Opens a port, shares one, or takes the one that its session has kept: its number. */
  async begin(kept?: PassivePort): Promise<number> {
    const { passive, settings, clock } = this.#visit.server
    const { address } = this.#visit.conn.local
    try {
      // A link-local address cannot be bound without its zone, and a socket does not tell its own.
      const port = await passive.reserve(address.startsWith('fe80:') ? '::' : address, this, kept)
      this.#number = port.number
      // On a shared port one may have been waiting already.
      if (this.#arrived !== undefined) return this.#number
      this.#port = port
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      this.#visit.warn(`no passive port: ${thrown.message}`)
      throw new Refused(425, `No passive port can be had now: ${thrown.message}.`)
    }
    if (this.#over) {
      this.close()
      throw new Refused(425, 'The session ended.')
    }
    this.#until = clock.ticks() + settings.dataConnectMs
    return this.#number
  }

  /** Its connection, once it has come. */
  async end(abort: Abort, near: () => void): Promise<Arrived> {
    const { clock, settings } = this.#visit.server
    this.#asked = true
    this.#early?.cancel()
    // The wait begins anew with the command: it may come long after PASV from a person who types.
    if (this.#arrived === undefined && this.#refusal === undefined)
      this.#until = clock.ticks() + (this.#visit.gone ? afterEndMs : settings.dataConnectMs)
    if (this.#near) near()
    this.#tellNear = near
    this.#port?.settle()
    if (this.#arrived === undefined && !this.#over && !abort.aborted) await this.#change(abort)
    this.#tellNear = undefined
    const arrived = this.#arrived
    this.#arrived = undefined
    this.close()
    if (abort.aborted) {
      arrived?.conn.destroy(new Error('aborted'))
      throw new Refused(426, 'Aborted before the data connection came.')
    }
    if (arrived !== undefined) return arrived
    throw this.#nothingCame()
  }

  near(): void {
    this.#near = true
    this.#tellNear?.()
  }

  take(arrived: Arrived): void {
    this.#until = Infinity
    this.#arrived = arrived
    if (!this.#asked && this.proof !== undefined)
      this.#early = this.#visit.server.clock.after(untilHandshakeMs, () => this.#secure(arrived))
    const port = this.#port
    this.#port = undefined
    if (port?.fresh === true) this.#keep(port)
    this.#wake?.()
  }

  refused(why: string, over: boolean): void {
    this.#visit.warn(`a data connection was refused: ${why}`)
    this.#refusal = why
    if (over) return this.close()
    this.#until = this.#visit.server.clock.ticks() + afterRefusalMs
  }

  overstay(): void {
    this.close()
  }

  /** The client says nothing more: its connection comes soon or never. */
  hurry(): void {
    if (this.#until === Infinity) return
    this.#until = Math.min(this.#until, this.#visit.server.clock.ticks() + afterEndMs)
  }

  /** Gives up once it has waited for too long. */
  tidy(): void {
    if (!this.opening && this.#visit.server.clock.ticks() >= this.#until) this.close()
  }

  /** Waits no longer: nothing is left behind. Safe to call twice. */
  close(): void {
    this.#over = true
    this.#until = Infinity
    this.#early?.cancel()
    const port = this.#port
    this.#port = undefined
    if (port !== undefined) this.#visit.server.finish(port.leave(this))
    this.#arrived?.conn.destroy(new Error('not used'))
    this.#arrived = undefined
    this.#wake?.()
  }

  /** Whichever way the bytes will go: as for an upload, which the client might end at once. */
  #secure(arrived: Arrived): void {
    const secured = this.#visit.security.protect(arrived, 'up', new Abort())
    this.#arrived = { ...arrived, secured }
    // Who asks for the transfer is told.
    secured.catch(() => undefined)
  }

  /** Resolves once it has come, waits no longer, or is aborted. */
  async #change(abort: Abort): Promise<void> {
    const changed = Promise.withResolvers<void>()
    this.#wake = changed.resolve
    abort.listen(changed.resolve)
    await changed.promise
    abort.forget(changed.resolve)
  }

  #nothingCame(): Refused {
    if (this.#refusal !== undefined)
      return new Refused(425, `A data connection came and was refused: ${this.#refusal}.`, 'Try again.')
    if (this.#visit.gone)
      return new Refused(
        425,
        `No data connection came to port ${this.#number}, and the control connection has ended.`,
      )
    const seconds = Math.round(this.#visit.server.settings.dataConnectMs / 1000)
    return new Refused(
      425,
      `No data connection came to port ${this.#number} within ${seconds} s.`,
      'A firewall or router between us may let this port not through: the passive ports of this server must be open.',
    )
  }
}
