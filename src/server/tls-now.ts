import type { Events, ServerEvent } from '../core/event.ts'

/** How a session's control connection is encrypted. */
export interface SessionTls {
  readonly version: string
  readonly cipher: string
  readonly resumed: boolean
  /** The fingerprint of the certificate that the client showed. */
  readonly certificate?: string
}

/** Passes events on, and knows from them how the sessions that there are now are encrypted. */
export class TlsNow implements Events {
  readonly #inner: Events
  readonly #sessions = new Map<string, SessionTls>()

  constructor(inner: Events) {
    this.#inner = inner
  }

  emit(event: ServerEvent): void {
    if (event.kind === 'tls' && event.of === 'control') {
      const { version, cipher, resumed, certificate } = event
      const shown = certificate === undefined ? {} : { certificate }
      this.#sessions.set(event.session, { version, cipher, resumed, ...shown })
    } else if (event.kind === 'closed') this.#sessions.delete(event.session)
    this.#inner.emit(event)
  }

  /** undefined: it speaks in clear, or SSH. */
  of(session: string): SessionTls | undefined {
    return this.#sessions.get(session)
  }
}
