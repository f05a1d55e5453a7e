import { randomBytes } from 'node:crypto'
import { sameAddress } from '../../core/address.ts'
import { asError, NetworkError } from '../../core/error.ts'
import type { TlsPurpose } from '../../core/event.ts'
import type { Conn } from '../../core/network.ts'
import type { SecureConn, TlsBinding } from '../../core/tls.ts'
import type { Abort } from './abort.ts'
import type { Arrived } from './arrival.ts'
import { wishesFor, type FtpTls } from './ftp-tls.ts'
import type { Awaited } from './place.ts'
import { Refused } from './refused.ts'
import { othersSession } from './tickets.ts'
import type { Visit } from './visit.ts'

/** What is agreed about encryption on one control connection. */
export class Security {
  readonly #visit: Visit
  /** Of the TLS of this control connection; undefined: it never had one. */
  binding: TlsBinding | undefined
  /** The TLS that it has, or had before CCC. */
  control: SecureConn | undefined
  /** Whether PBSZ was said, which must come before PROT (RFC 4217 §9). */
  sized = false
  /** Whether its next data connection is likely to resume the session; undefined: there was none yet. */
  resumes: boolean | undefined
  #told = false
  /** `C` clear, `P` private: for the data connections. */
  level: 'C' | 'P' = 'C'

  /** As they were when the connection came: what was agreed on it holds, whatever the server takes from others now. */
  readonly settings: FtpTls | undefined

  constructor(visit: Visit, tls: FtpTls | 'off') {
    this.#visit = visit
    this.settings = tls === 'off' ? undefined : tls
  }

  /** Puts the control connection into TLS (AUTH, or at once where that is implied). */
  async begin(conn: Conn): Promise<SecureConn> {
    const { settings } = this
    if (settings === undefined) throw new Error('there is no TLS here')
    const { network } = this.#visit.server
    const binding: TlsBinding = {
      identity: settings.identity(this.#visit.host),
      name: randomBytes(16),
      secret: randomBytes(32),
      sessions: new Map(),
    }
    this.control = await this.#begun(
      network.secure(conn, {
        side: 'server',
        binding,
        protocols: ['ftp'],
        timeoutMs: settings.handshakeMs,
        // A ticket of TLS 1.3 is used once (curl), and uploads give no new one: in TLS 1.2 one does for all.
        prefersOlder: settings.reuse === 'require' || this.#visit.server.passive.shared,
        // Only what passes through here can be in clear again.
        watched: settings.ccc,
      }),
    )
    this.binding = binding
    this.#visit.server.passive.tickets.add(binding, () => this.#whose)
    return this.control
  }

  async #begun(beginning: Promise<SecureConn>): Promise<SecureConn> {
    try {
      const conn = await beginning
      const { version, cipher, resumed, peer } = conn.tls
      const { server, who } = this.#visit
      const shown = peer === undefined ? {} : { certificate: peer.fingerprint }
      server.events.emit({ kind: 'tls', ...who, of: 'control', version, cipher, resumed, ...shown })
      return conn
    } catch (thrown) {
      this.tellFailure('control', asError(thrown).message)
      throw thrown
    }
  }

  /** Nobody shows its session any more. */
  forget(): void {
    if (this.binding !== undefined) this.#visit.server.passive.tickets.delete(this.binding)
  }

  /** What tells its data connections from those of others; undefined: they come in clear. */
  get proof(): Awaited['proof'] {
    const { binding, settings } = this
    if (this.level === 'C' || binding === undefined || settings === undefined) return undefined
    const { reuse } = settings
    return { binding, reuse, whose: reuse === 'address' ? this.#whose : undefined }
  }

  /** Who has logged in, and from where. */
  get #whose(): string | undefined {
    const { login, conn } = this.#visit
    return login === undefined ? undefined : `${login.session.account.name} ${conn.remote.address}`
  }

  /** Refuses a transfer that would go in clear, or encrypted, where that may not be. */
  check(user: string): void {
    const { settings } = this
    if (settings === undefined) return
    const { data } = wishesFor(settings, user)
    if (data === 'required' && this.level === 'C')
      throw new Refused(521, 'Files are sent and taken here encrypted only: say PBSZ 0 and PROT P first.')
  }

  /** Puts a data connection into TLS if that was agreed, and makes sure whose it is. */
  async protect(arrived: Arrived, way: 'up' | 'down', abort: Abort): Promise<Conn> {
    if (arrived.secured !== undefined) return arrived.secured
    const { conn, first } = arrived
    const { proof, settings } = this
    if (proof === undefined || settings === undefined) return conn
    const { network, passive } = this.#visit.server
    const secured = await network.secure(conn, {
      side: 'server',
      binding: proof.binding,
      protocols: ['ftp-data', 'ftp'],
      timeoutMs: settings.handshakeMs,
      signal: abort.signal,
      // Only of uploads the end counts, and a download is faster when nobody watches.
      watched: way === 'up',
      // Who uploads reads nothing (lftp, curl).
      quiet: way === 'up',
      prefersOlder: way === 'up' || settings.reuse === 'require',
      admit: (hello) =>
        passive.tickets.areOthers(hello, proof.binding, proof.whose)
          ? new NetworkError('not-permitted', othersSession)
          : undefined,
      ...(first === undefined ? {} : { first }),
    })
    if (!secured.tls.resumed) this.#strange(secured, settings)
    // A ticket of TLS 1.3 is used once, and who uploads gets no new one: its next connection may show none.
    const spent = way === 'up' && secured.tls.version === 'TLSv1.3'
    this.resumes = secured.tls.resumed && !spent
    return secured
  }

  /** Judges how the data of an upload ended. */
  judgeEnd(conn: Conn): string {
    if (!isSecure(conn)) return ''
    if (conn.ending === 'fin-only' && this.settings?.end === 'strict')
      throw new Refused(
        426,
        'The data connection ended without close_notify (fin-only): that may be half the file.',
      )
    return this.verdictOf(conn)
  }

  /** How the client ended its TLS, for a reply. */
  verdictOf(conn: Conn): string {
    return isSecure(conn) && conn.ending !== 'unknown' ? ` (${conn.ending})` : ''
  }

  /** Tells what became of a data connection. */
  tellEnd(conn: Conn, way: 'up' | 'down'): void {
    if (!isSecure(conn)) return
    const { version, cipher, resumed } = conn.tls
    const { ending } = conn
    const of = way === 'up' ? 'upload' : 'download'
    const { events } = this.#visit.server
    const what = { kind: 'tls', ...this.#visit.who, of, version, cipher, resumed } as const
    events.emit(ending === 'unknown' ? what : { ...what, ending })
  }

  tellFailure(of: TlsPurpose, reason: string): void {
    this.#visit.server.events.emit({ kind: 'tls-failed', ...this.#visit.who, of, reason })
  }

  #strange(conn: SecureConn, { reuse }: FtpTls): void {
    const elsewhere = !sameAddress(conn.remote.address, this.#visit.conn.remote.address)
    if (reuse === 'require' || elsewhere) {
      const error = new Refused(
        522,
        'The data connection does not resume the TLS session of the control connection, so it may be anybody’s.',
        'Let your client reuse TLS sessions.',
      )
      conn.destroy(error)
      throw error
    }
    if (reuse === 'address' || this.#told) return
    this.#told = true
    this.#visit.warn(
      'the client does not resume its TLS session for data: its address alone says whose they are',
    )
  }
}

function isSecure(conn: Conn): conn is SecureConn {
  return conn.secure && 'tls' in conn
}
