import { sameAddress } from '../../core/address.ts'
import { shows } from '../../core/shows.ts'
import type { ClientHello, TlsBinding } from '../../core/tls.ts'
import { isSame, othersSession, type ShownSession } from './tickets.ts'

/** A transfer that waits for its connection on a passive port. */
export interface Awaited {
  /** Where its control connection comes from. */
  readonly address: string
  /** What tells its connection from others; undefined: it comes in clear, and only its address does. */
  readonly proof:
    | {
        readonly binding: TlsBinding
        readonly reuse: 'require' | 'prefer' | 'address'
        /** Who has logged in from where, if that is enough. */
        readonly whose?: string | undefined
      }
    | undefined
}

/** What a connection has shown so far. */
export type Shown =
  | { readonly kind: 'nothing' }
  /** The beginning of a ClientHello. */
  | { readonly kind: 'some' }
  | {
      readonly kind: 'hello'
      readonly hello: ClientHello
      /** Of a control connection, if it shows one. */
      readonly session: ShownSession | undefined
    }
  /** Bytes that are no TLS, or the end. */
  | { readonly kind: 'clear' }

export interface Newcomer {
  readonly address: string
  readonly shown: Shown
  /** It has been there for long enough to say something, if it were in TLS. */
  readonly patient: boolean
}

/** What to do with a connection: give it to a transfer, wait for more, or refuse it and tell those it may be meant for. */
export type Placement<To extends Awaited> =
  | { readonly kind: 'give'; readonly to: To }
  | { readonly kind: 'wait' }
  /** Several transfers could be meant, and nothing of it will tell. */
  | { readonly kind: 'unclear'; readonly among: readonly To[] }
  | { readonly kind: 'refuse'; readonly why: string; readonly meant: To | undefined }

/**
 * Whose a connection is that has come to a port where several transfers may wait. The rule (PROTOCOL.md): the session that a
 * ClientHello shows, wherever it comes from; else the one transfer of its address that it can belong to; else nobody's.
 */
export function place<To extends Awaited>(newcomer: Newcomer, awaited: readonly To[]): Placement<To> {
  const here = awaited.filter(({ address }) => sameAddress(address, newcomer.address))
  const secure = here.filter(({ proof }) => proof !== undefined)
  const clear = here.filter(({ proof }) => proof === undefined)
  const { shown } = newcomer
  switch (shown.kind) {
    case 'hello':
      return placeHello(shown, newcomer.address, awaited, secure)
    case 'clear':
      return only(clear, secure) ?? refuse(`it speaks in clear, and comes from ${newcomer.address}`, secure)
    case 'some':
      return { kind: 'wait' }
    case 'nothing':
      if (awaited.some((one) => mayBeElsewhere(one) || secure.includes(one))) {
        return newcomer.patient && secure.length === 0 ? (only(clear) ?? { kind: 'wait' }) : { kind: 'wait' }
      }
      return only(clear) ?? refuse(`nobody waits for a connection from ${newcomer.address}`, [])
  }
}

/** Under TLS the address need not be that of the control connection, where a ticket proves more. */
function mayBeElsewhere({ proof }: Awaited): boolean {
  return proof !== undefined && proof.reuse !== 'address'
}

function placeHello<To extends Awaited>(
  { hello, session }: Extract<Shown, { kind: 'hello' }>,
  address: string,
  awaited: readonly To[],
  secure: readonly To[],
): Placement<To> {
  const owner = awaited.find(({ proof }) => proof !== undefined && shows(hello, proof.binding))
  if (owner !== undefined && (mayBeElsewhere(owner) || secure.includes(owner)))
    return { kind: 'give', to: owner }
  if (session !== undefined && !isOwnOfLone(session, awaited, secure)) return refuse(othersSession, secure)
  // Where resuming is required a lone one gets it all the same, to be told what is wrong.
  const lenient = secure.filter(({ proof }) => proof?.reuse !== 'require')
  return (
    only(lenient) ??
    only(secure) ??
    (secure.length > 1
      ? { kind: 'unclear', among: secure }
      : refuse(`it resumes no TLS session, and nobody waits for TLS from ${address}`, []))
  )
}

/**
 * One login may have several control connections, and one TLS session for all that it connects: where that is enough it
 * will do. Where several transfers wait it might mean another of them.
 */
function isOwnOfLone(
  { whose }: ShownSession,
  awaited: readonly Awaited[],
  [lone]: readonly Awaited[],
): boolean {
  return awaited.length === 1 && isSame(whose, lone?.proof?.whose)
}

function only<To extends Awaited>(some: readonly To[], but: readonly To[] = []): Placement<To> | undefined {
  const [first] = some.length === 0 ? but : some
  const alone = some.length === 1 || (some.length === 0 && but.length === 1)
  return first !== undefined && alone ? { kind: 'give', to: first } : undefined
}

function refuse<To extends Awaited>(why: string, secure: readonly To[]): Placement<To> {
  return { kind: 'refuse', why, meant: secure.length === 1 ? secure[0] : undefined }
}
