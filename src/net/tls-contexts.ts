import { constants } from 'node:crypto'
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import { certificateFor } from '../core/certificate-for.ts'
import type { Certificate, SecureClient, TlsBinding, TlsIdentity, TlsLimits } from '../core/tls.ts'

/** `usual` renews tickets, `quiet` does not, `older` is TLS 1.2 at most where that is allowed. */
export type ContextKind = 'usual' | 'quiet' | 'older'

const contexts = new WeakMap<TlsBinding, Map<ContextKind, SecureContext>>()

/**
 * Made once for a binding and a kind: what its connections seal their tickets with. It has no certificate: to read one takes
 * as long as all the rest, and a third of the memory, and it is the same for all bindings.
 */
export function contextOf(binding: TlsBinding, kind: ContextKind): SecureContext {
  let kinds = contexts.get(binding)
  if (kinds === undefined) contexts.set(binding, (kinds = new Map()))
  let found = kinds.get(kind)
  if (found === undefined) kinds.set(kind, (found = contextFor(binding, kind)))
  return found
}

/** A control connection may live for a day and transfer at its end, with the ticket that it got at its beginning. */
const longestSessionSeconds = 24 * 3600

function contextFor(binding: TlsBinding, kind: ContextKind): SecureContext {
  const { identity } = binding
  const context = createSecureContext({
    ...limitOptions(kind === 'older' ? older(identity) : identity),
    sessionIdContext: Buffer.from(binding.name).toString('hex'),
    ticketKeys: Buffer.concat([binding.name, binding.secret]),
    sessionTimeout: longestSessionSeconds,
    // TLS 1.2 would let a client ask for new handshakes again and again, and none needs that.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  })
  if (kind === 'usual') renewTickets(context, binding)
  return context
}

/** A certificate as OpenSSL has it, and whom it was read with. */
interface Read {
  readonly context: SecureContext
  readonly clientAuthorities: string | undefined
  readonly revoked: string | undefined
}

const certificates = new WeakMap<Certificate, Read>()

/** What is shown to who asks for this name (SNI), or for none: read once, and with it who signs clients' certificates. */
export function shownTo(identity: TlsIdentity, name?: string): SecureContext {
  const { clientAuthorities, revoked } = identity
  const named = name === undefined ? undefined : certificateFor(identity, name)
  const certificate = named ?? identity.certificate
  const read = certificates.get(certificate)
  if (read !== undefined && read.clientAuthorities === clientAuthorities && read.revoked === revoked)
    return read.context
  const context = createSecureContext({
    ...certificateOptions(certificate),
    ...(clientAuthorities === undefined ? {} : { ca: clientAuthorities }),
    ...(revoked === undefined ? {} : { crl: revoked }),
  })
  certificates.set(certificate, { clientAuthorities, revoked, context })
  return context
}

/** Who allows TLS 1.3 alone means it. */
function older(limits: TlsLimits): TlsLimits {
  return limits.minVersion === 'TLSv1.3' ? limits : { ...limits, maxVersion: 'TLSv1.2' }
}

/** What Node's own tests use, and documents nowhere. */
interface TicketKeyHook {
  enableTicketKeyCallback?: () => void
  onticketkeycallback?: (name: Buffer, iv: Buffer, seals: boolean) => unknown
}

/**
 * Gives a new ticket to each connection that was resumed, which Node does not by itself under TLS 1.3: clients use a ticket
 * once (RFC 8446 §C.4), and would have none for their third file. Where a Node has no such hook, they get what they can.
 */
function renewTickets(context: SecureContext, { name, secret }: TlsBinding): void {
  const hook = context.context as TicketKeyHook
  if (typeof hook.enableTicketKeyCallback !== 'function') return
  const keyName = Buffer.from(name)
  const hmac = Buffer.from(secret.subarray(0, 16))
  const aes = Buffer.from(secret.subarray(16, 32))
  const unknown = 0
  const usable = 1
  const usableOnce = 2
  hook.onticketkeycallback = (shown, iv, seals) => {
    if (seals) return [usable, hmac, aes, keyName, iv]
    // Keys must be given in any case: without them Node ends the process.
    return [shown.equals(keyName) ? usableOnce : unknown, hmac, aes]
  }
  hook.enableTicketKeyCallback()
}

const clientContexts = new Map<string, SecureContext>()

/** How many kinds of client a process remembers; more are made anew each time. */
const mostClientContexts = 16

/** The context of a client's connections; those that differ in nothing share one, as reading authorities takes long. */
export function clientContext(how: SecureClient): SecureContext {
  const { authorities, revoked, certificate, limits } = how
  const key = JSON.stringify([authorities, revoked, certificate, limits])
  const found = clientContexts.get(key)
  if (found !== undefined) return found
  const made = createSecureContext({
    ...(certificate === undefined ? {} : certificateOptions(certificate)),
    ...(limits === undefined ? {} : limitOptions(limits)),
    // Those that are named stand beside the others, and not in their place as Node has it.
    ...(authorities === undefined ? {} : { ca: [...getCACertificates(), authorities] }),
    ...(revoked === undefined ? {} : { crl: revoked }),
  })
  if (clientContexts.size < mostClientContexts) clientContexts.set(key, made)
  return made
}

function certificateOptions({ chain, key }: Certificate): SecureContextOptions {
  return { cert: chain, key }
}

function limitOptions({ minVersion, maxVersion, ciphers }: TlsLimits): SecureContextOptions {
  return {
    minVersion: minVersion ?? 'TLSv1.2',
    maxVersion: maxVersion ?? 'TLSv1.3',
    ...(ciphers === undefined ? {} : { ciphers }),
  }
}
