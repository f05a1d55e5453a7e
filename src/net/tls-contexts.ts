import { constants } from 'node:crypto'
import { setImmediate } from 'node:timers'
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls'
import { certificateFor } from '../core/certificate-for.ts'
import type { Certificate, SecureClient, TlsBinding, TlsIdentity, TlsLimits } from '../core/tls.ts'

/** `usual` renews tickets, `quiet` does not, `older` is TLS 1.2 at most where that is allowed. */
export type ContextKind = 'usual' | 'quiet' | 'older'

interface Held {
  readonly kinds: Map<ContextKind, SecureContext>
  /** How many connections there are. */
  users: number
}

const held = new WeakMap<TlsBinding, Held>()

/**
 * Made once for a binding and a kind: what its connections seal their tickets with. It has no certificate: to read one takes
 * as long as all the rest, and a third of the memory, and it is the same for all bindings.
 */
export function contextOf(binding: TlsBinding, kind: ContextKind): SecureContext {
  const { kinds } = heldFor(binding)
  let found = kinds.get(kind)
  if (found === undefined) kinds.set(kind, (found = contextFor(binding, kind)))
  return found
}

/** Whoever uses contexts of a binding, until it is closed: behind the last one the next binding may have what can be used again. */
export function holdContexts(binding: TlsBinding, socket: TLSSocket): void {
  const own = heldFor(binding)
  own.users += 1
  // Node takes OpenSSL's part of a connection away in the turn behind its close, and asked for that turn before us.
  socket.once('close', () => setImmediate(leave))

  function leave(): void {
    own.users -= 1
    if (own.users > 0 || held.get(binding) !== own) return
    held.delete(binding)
    const usual = own.kinds.get('usual')
    if (usual !== undefined && canRenew(usual) && spare.length < mostSpare)
      spare.push({ limits: limitsOf(binding), context: usual })
  }
}

function heldFor(binding: TlsBinding): Held {
  let found = held.get(binding)
  if (found === undefined) held.set(binding, (found = { kinds: new Map(), users: 0 }))
  return found
}

/** Contexts that no connection uses any more, and what they allow. */
const spare: { readonly limits: string; readonly context: SecureContext }[] = []

/** To make one takes 0.2 ms, and who logs in all the time is there a few at a time. */
const mostSpare = 64

function takeSpare(limits: string): SecureContext | undefined {
  const at = spare.findLastIndex((one) => one.limits === limits)
  return at < 0 ? undefined : spare.splice(at, 1)[0]?.context
}

function limitsOf({ identity: { minVersion, maxVersion, ciphers } }: TlsBinding): string {
  return JSON.stringify([minVersion, maxVersion, ciphers])
}

/** Bindings are told apart by their keys. It must be the same for all contexts of one binding, whoever had them before. */
const sessionIdContext = 'ferry'

/** A control connection may live for a day and transfer at its end, with the ticket that it got at its beginning. */
const longestSessionSeconds = 24 * 3600

function contextFor(binding: TlsBinding, kind: ContextKind): SecureContext {
  const { identity } = binding
  const used = kind === 'usual' ? takeSpare(limitsOf(binding)) : undefined
  if (used !== undefined) {
    renewTickets(used, binding)
    return used
  }
  const context = createSecureContext({
    ...limitOptions(kind === 'older' ? older(identity) : identity),
    sessionIdContext,
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

function canRenew(context: SecureContext): boolean {
  return typeof (context.context as TicketKeyHook).enableTicketKeyCallback === 'function'
}

/**
 * Gives a new ticket to each connection that was resumed, which Node does not by itself under TLS 1.3: clients use a ticket
 * once (RFC 8446 §C.4), and would have none for their third file. Where a Node has no such hook, they get what they can. From
 * then on the keys that are given here are the only ones of the context, so that another binding can have it.
 */
function renewTickets(context: SecureContext, { name, secret }: TlsBinding): void {
  if (!canRenew(context)) return
  const hook = context.context as TicketKeyHook
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
  hook.enableTicketKeyCallback?.()
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
