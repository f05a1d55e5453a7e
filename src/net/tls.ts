import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, TLSSocket, type TLSSocketOptions } from 'node:tls'
import { familyOf } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { nameOf, shows } from '../core/shows.ts'
import type { ClientHello, SecureClient, SecureConn, SecureServer, TlsBinding } from '../core/tls.ts'
import { longestHello, readClientHello } from '../wire/client-hello.ts'
import { SocketConn } from './socket-conn.ts'
import { TlsConn } from './tls-conn.ts'
import { clientContext, contextOf, holdContexts, shownTo, type ContextKind } from './tls-contexts.ts'
import { tlsError } from './tls-error.ts'
import { TlsStream } from './tls-stream.ts'

/**
 * Puts TLS around any connection. A socket lends its handle to OpenSSL, and bytes pass through no JavaScript on their way to
 * it; what is watched, and what is no socket, goes through a stream.
 */
export async function secure(conn: Conn, asked: SecureServer | SecureClient): Promise<SecureConn> {
  const { local, remote } = conn
  const how = asked.side === 'server' && wantsLook(asked) ? await lookedAt(conn, asked) : asked
  let under: Under
  try {
    under = conn instanceof SocketConn && how.watched !== true ? bare(conn, how) : streamed(conn, how)
  } catch (thrown) {
    conn.destroy(new Error('no TLS'))
    throw tlsError(thrown)
  }
  const socket = wrap(under)
  const inner = new SocketConn(socket, { local, reset: under.cut, inWords: tlsError, lends: true })
  const secured = new TlsConn({ local, remote }, socket, inner, under.stream)
  await handshake(socket, how, () => inner.destroy(new Error('no TLS')))
  secured.shaken(how)
  return secured
}

function wantsLook({ prefersOlder, admit }: SecureServer): boolean {
  return prefersOlder === true || admit !== undefined
}

/** With the ClientHello, which tells whether the client resumes, and whose session. */
async function lookedAt(conn: Conn, how: SecureServer): Promise<SecureServer> {
  const hello = how.first === undefined ? undefined : readClientHello(how.first)
  if (hello === undefined) return waitedFor(conn, how)
  const refusal = how.admit?.(hello)
  if (refusal === undefined) return how
  conn.destroy(refusal)
  throw refusal
}

async function waitedFor(conn: Conn, how: SecureServer): Promise<SecureServer> {
  const late = AbortSignal.timeout(how.timeoutMs)
  const ended = how.signal === undefined ? late : AbortSignal.any([late, how.signal])
  const stop = (): void => conn.destroy(new Error('no TLS'))
  ended.addEventListener('abort', stop, { once: true })
  let first = Buffer.from(how.first ?? [])
  try {
    let hello = readClientHello(first)
    while (hello === undefined && first.length < longestHello) {
      const pieces = await conn.read()
      if (pieces === undefined) throw new NetworkError('closed', 'the peer left in the TLS handshake')
      first = Buffer.concat([first, ...pieces])
      hello = readClientHello(first)
    }
    const refusal = hello === undefined ? undefined : how.admit?.(hello)
    if (refusal !== undefined) throw refusal
  } catch (thrown) {
    conn.destroy(new Error('no TLS'))
    if (how.signal?.aborted === true) throw new NetworkError('aborted', 'stopped')
    if (late.aborted) throw new NetworkError('timeout', 'the TLS handshake took too long')
    throw thrown instanceof NetworkError ? thrown : tlsError(thrown)
  } finally {
    ended.removeEventListener('abort', stop)
  }
  return { ...how, first }
}

/** Certificates and keys that OpenSSL does not take show themselves here. */
function wrap(under: Under): TLSSocket {
  try {
    return under.wrap()
  } catch (thrown) {
    under.cut()
    throw tlsError(thrown)
  }
}

/** What lies under TLS. */
interface Under {
  readonly wrap: () => TLSSocket
  readonly cut: () => void
  readonly stream: TlsStream | undefined
}

function bare(conn: SocketConn, how: SecureServer | SecureClient): Under {
  const socket = conn.release()
  if (how.first !== undefined) socket.unshift(how.first)
  // Its trouble is told by the TLS above it as well.
  socket.on('error', () => undefined)
  return { wrap: () => wrapped(socket, how), cut: () => reset(socket), stream: undefined }
}

/** The way of Node's own `resetAndDestroy`, without the orderly end that it would begin with: TLS holds what is written. */
function reset(socket: Socket): void {
  const resettable = socket as Socket & { resetAndClosing?: boolean }
  resettable.resetAndClosing = true
  socket.destroy()
}

function streamed(conn: Conn, how: SecureServer | SecureClient): Under {
  const stream = new TlsStream(conn, how.first)
  return {
    wrap: () => stream.serve(wrapped(stream, how)),
    cut: () => conn.destroy(new Error('cut')),
    stream,
  }
}

function wrapped(over: Socket | Duplex, how: SecureServer | SecureClient): TLSSocket {
  switch (how.side) {
    case 'server':
      return served(over, how)
    case 'client':
      return connect({
        socket: over,
        host: how.host,
        // A name of an address is none (RFC 6066 §3).
        ...(familyOf(how.host) === undefined ? { servername: how.host } : {}),
        ALPNProtocols: [...how.protocols],
        secureContext: clientContext(how),
        // The peer is judged above, where a person can be asked.
        rejectUnauthorized: false,
        ...(how.session === undefined ? {} : { session: Buffer.from(how.session) }),
      })
  }
}

function served(over: Socket | Duplex, how: SecureServer): TLSSocket {
  const shown = shownTo(how.binding.identity)
  const socket: TLSSocket = new TLSSocket(
    over,
    serverOptions(how, () => socket.getProtocol()),
  )
  holdContexts(how.binding, socket)
  // What TLS finds wrong behind the handshake Node tells by no other event, where no listener of its own made the socket.
  socket.on('_tlsError', (error: Error) => socket.destroy(error))
  try {
    // It reads nothing before the next turn.
    socket.setKeyCert(shown)
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
  return socket
}

function serverOptions(how: SecureServer, version: () => string | null): TLSSocketOptions {
  const { binding, first } = how
  const { identity } = binding
  const hello = first === undefined ? undefined : readClientHello(first)
  return {
    isServer: true,
    ...(hello?.ticketKeys.includes(nameOf(binding)) === true ? {} : { server: sessionsOf(binding, version) }),
    secureContext: contextOf(binding, kindOf(how, hello)),
    ALPNProtocols: [...how.protocols],
    requestCert: identity.clientCertificates === 'ask',
    rejectUnauthorized: false,
    ...(identity.others === undefined
      ? {}
      : { SNICallback: (name, found) => found(null, shownTo(identity, name)) }),
  }
}

/** How many sessions without tickets a binding remembers; a client needs the first. */
const mostSessions = 8

/**
 * Where sessions of TLS 1.2 are kept and looked up for clients that take no tickets, as OpenSSL's own cache is off in Node. Of
 * a server only its listeners are asked for.
 */
function sessionsOf(
  { sessions }: TlsBinding,
  version: () => string | null,
): NonNullable<TLSSocketOptions['server']> {
  const server = new EventEmitter()
  server.on('newSession', (id: Buffer, session: Buffer, done: () => void) => {
    // In TLS 1.3 nobody asks by the id.
    if (version() === 'TLSv1.2' && sessions.size < mostSessions) sessions.set(id.toString('hex'), session)
    done()
  })
  server.on('resumeSession', (id: Buffer, done: (error: null, session: Buffer | null) => void) => {
    const kept = sessions.get(id.toString('hex'))
    done(null, kept === undefined ? null : Buffer.from(kept))
  })
  return server as unknown as NonNullable<TLSSocketOptions['server']>
}

function kindOf({ quiet, prefersOlder, binding }: SecureServer, hello: ClientHello | undefined): ContextKind {
  if (hello?.takesOlder === true) {
    const own = shows(hello, binding)
    // Its ticket is of TLS 1.2: in 1.3 it would be worth nothing.
    if (own && !hello.resumes) return 'older'
    // Nor is one of another session worth anything.
    if (prefersOlder === true && !(own && hello.resumes)) return 'older'
  }
  return quiet === true ? 'quiet' : 'usual'
}

async function handshake(
  socket: TLSSocket,
  how: SecureServer | SecureClient,
  giveUp: () => void,
): Promise<void> {
  const { signal, timeoutMs } = how
  const done = how.side === 'server' ? 'secure' : 'secureConnect'
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(new NetworkError('aborted', 'stopped'))
      const late = (): void => reject(new NetworkError('timeout', 'the TLS handshake took too long'))
      const over = (): void => reject(new NetworkError('closed', 'the peer left in the TLS handshake'))
      if (signal?.aborted === true) return stop()
      signal?.addEventListener('abort', stop, { once: true })
      socket.setTimeout(timeoutMs, late)
      socket.once('error', reject)
      socket.once('close', over)
      socket.once('end', over)
      socket.once(done, () => {
        signal?.removeEventListener('abort', stop)
        socket.setTimeout(0)
        socket.off('timeout', late).off('error', reject).off('close', over).off('end', over)
        resolve()
      })
    })
  } catch (thrown) {
    giveUp()
    throw tlsError(thrown)
  }
}
