import { nameOf, shows } from '../../core/shows.ts'
import type { ClientHello, TlsBinding } from '../../core/tls.ts'

/** A control connection: its TLS, and who has logged in there from where; undefined: nobody yet. */
interface Holder {
  readonly binding: TlsBinding
  readonly whose: () => string | undefined
}

/** Whose the session is that a data connection shows, where that is one of a control connection. */
export interface ShownSession {
  readonly whose: string | undefined
}

/** The TLS sessions of all control connections that there are: whose a data connection says it is. */
export class Tickets {
  readonly #holders = new Map<string, Holder>()

  add(binding: TlsBinding, whose: () => string | undefined): void {
    this.#holders.set(nameOf(binding), { binding, whose })
  }

  delete(binding: TlsBinding): void {
    this.#holders.delete(nameOf(binding))
  }

  /** The session of a control connection that it shows. */
  shown(hello: ClientHello): ShownSession | undefined {
    const holder = this.#holderOf(hello)
    return holder === undefined ? undefined : { whose: holder.whose() }
  }

  /** Whether it shows a session of one control connection, and none of this, nor of another of the same login. */
  areOthers(hello: ClientHello, own: TlsBinding, whose: string | undefined): boolean {
    if (shows(hello, own)) return false
    const shown = this.shown(hello)
    return shown !== undefined && !isSame(shown.whose, whose)
  }

  #holderOf(hello: ClientHello): Holder | undefined {
    for (const name of hello.ticketKeys) {
      const holder = this.#holders.get(name)
      if (holder !== undefined) return holder
    }
    // TLS 1.3 has something by chance there: only what is known counts.
    if (hello.sessionId === '') return undefined
    for (const holder of this.#holders.values())
      if (holder.binding.sessions.has(hello.sessionId)) return holder
    return undefined
  }
}

/** Why a data connection is cut that shows the session of another control connection, with what helps the client known for it. */
export const othersSession =
  'it shows the TLS session of another control connection (rclone needs --ftp-tls-cache-size 0, others like it --tls-reuse address at the server)'

/** Whether both are known and of one login: rclone and others in Go keep one TLS session for all their connections to a server. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other
}
