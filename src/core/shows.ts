import type { ClientHello, TlsBinding } from './tls.ts'

/** Whether a client shows a session that began under a binding. That is a hint; only the handshake proves it. */
export function shows(hello: ClientHello, binding: TlsBinding): boolean {
  return hello.ticketKeys.includes(nameOf(binding)) || binding.sessions.has(hello.sessionId)
}

/** The name of a binding as it stands in a ClientHello. */
export function nameOf({ name }: TlsBinding): string {
  return Buffer.from(name).toString('hex')
}
