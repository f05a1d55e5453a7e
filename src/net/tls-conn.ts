import { createHash, X509Certificate } from 'node:crypto'
import type { TLSSocket, PeerCertificate as NodeCertificate } from 'node:tls'
import type { Conn, Peer } from '../core/network.ts'
import type {
  PeerCertificate,
  SecureClient,
  SecureConn,
  SecureServer,
  TlsEnding,
  TlsFacts,
} from '../core/tls.ts'
import { hiddenFaults } from './hidden-faults.ts'
import { namedFault } from './named-fault.ts'
import { isRevoked } from './revoked.ts'
import type { SocketConn } from './socket-conn.ts'
import type { TlsStream } from './tls-stream.ts'

/** A connection in TLS. */
export class TlsConn implements SecureConn {
  readonly local: Peer
  readonly remote: Peer
  readonly secure = true
  readonly #socket: TLSSocket
  readonly #inner: SocketConn
  readonly #stream: TlsStream | undefined
  #facts: TlsFacts | undefined
  #session: Uint8Array | undefined

  constructor(
    { local, remote }: { local: Peer; remote: Peer },
    socket: TLSSocket,
    inner: SocketConn,
    stream: TlsStream | undefined,
  ) {
    this.local = local
    this.remote = remote
    this.#socket = socket
    this.#inner = inner
    this.#stream = stream
    socket.on('session', (session: Buffer) => {
      this.#session = session
    })
  }

  /** The handshake is over: notes what came of it, which a socket that is gone cannot tell any more. */
  shaken(how: SecureServer | SecureClient): void {
    const socket = this.#socket
    this.#facts = {
      version: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().name,
      resumed: socket.isSessionReused(),
      protocol: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : undefined,
      serverName: serverNameOf(socket),
      peer: peerOf(socket, how),
    }
  }

  get tls(): TlsFacts {
    if (this.#facts === undefined) throw new Error('the handshake is not over')
    return this.#facts
  }

  get ending(): TlsEnding {
    return this.#stream?.ending ?? 'unknown'
  }

  get session(): Uint8Array | undefined {
    // A session of TLS 1.2 is there from the handshake on, tickets of 1.3 come later and are told.
    if (this.#session === undefined && this.#facts?.version === 'TLSv1.2') return this.#socket.getSession()
    return this.#session
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    return this.#inner.read()
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#inner.write(bytes)
  }

  end(): Promise<void> {
    return this.#inner.end()
  }

  destroy(reason?: Error): void {
    this.#inner.destroy(reason)
  }

  async clear(): Promise<Conn> {
    if (this.#stream === undefined) throw new Error('only what is watched can be in clear again')
    return this.#stream.clear()
  }
}

function serverNameOf(socket: TLSSocket): string | undefined {
  const { servername } = socket as { servername?: unknown }
  return typeof servername === 'string' && servername !== '' ? servername : undefined
}

function peerOf(socket: TLSSocket, how: SecureServer | SecureClient): PeerCertificate | undefined {
  const shown = socket.getPeerCertificate(true)
  // Without one Node gives an empty object.
  if (!('fingerprint256' in shown)) return undefined
  const named = namedFault(faultOf(socket, how.side), shown)
  const revoked = named !== undefined && how.side === 'client' && how.revoked !== undefined
  const fault = revoked && isRevoked(shown, how.revoked) ? 'CERT_REVOKED' : named
  return {
    fingerprint: shown.fingerprint256,
    // Few ask for it, and reading the certificate anew costs something.
    get keyDigest() {
      return digestOfKey(shown.raw)
    },
    subject: nameIn(shown.subject),
    issuer: nameIn(shown.issuer),
    names: shown.subjectaltname ?? '',
    validFrom: new Date(shown.valid_from),
    validTo: new Date(shown.valid_to),
    fault,
    // Few ask for these either.
    get otherFaults() {
      if (how.side === 'server' || named === undefined) return []
      const hidden = hiddenFaults(named, shown, how.host, how.authorities)
      return named === fault ? hidden : [named, ...hidden]
    },
  }
}

function digestOfKey(certificate: Buffer): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}

function nameIn(subject: NodeCertificate['subject']): string {
  return Object.entries(subject)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ')
}

/** Node tells clients what is wrong with a certificate; a server asks OpenSSL itself, as Node's own server does. */
function faultOf(socket: TLSSocket, side: 'server' | 'client'): string | undefined {
  if (side === 'client') {
    const { authorized, authorizationError: error } = socket
    return authorized ? undefined : codeOf(error)
  }
  const { ssl } = socket as { ssl?: { verifyError?: () => unknown } }
  if (typeof ssl?.verifyError !== 'function') return 'UNKNOWN'
  const error = ssl.verifyError()
  return error === null || error === undefined ? undefined : codeOf(error)
}

function codeOf(error: unknown): string {
  if (Error.isError(error) && 'code' in error) return String(error.code)
  return String(error)
}
