import { nameOf, shows } from '../../core/shows.ts'
import type { ClientHello, TlsBinding } from '../../core/tls.ts'

/** The TLS sessions of all control connections that there are: whose a data connection says it is. */
export class Tickets {
  readonly #names = new Map<string, TlsBinding>()

  add(binding: TlsBinding): void {
    this.#names.set(nameOf(binding), binding)
  }

  delete(binding: TlsBinding): void {
    this.#names.delete(nameOf(binding))
  }

  /** Whether it shows a session of one control connection, and none of this. */
  areOthers(hello: ClientHello, own: TlsBinding | undefined): boolean {
    if (own !== undefined && shows(hello, own)) return false
    if (hello.ticketKeys.some((name) => this.#names.has(name))) return true
    // TLS 1.3 has something by chance there: only what is known counts.
    if (hello.sessionId === '') return false
    for (const { sessions } of this.#names.values()) if (sessions.has(hello.sessionId)) return true
    return false
  }
}
