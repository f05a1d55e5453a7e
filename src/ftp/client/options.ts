import type { TlsTrust } from '../../core/certificate.ts'
import type { RemoteOptions } from '../../core/remote.ts'

/** How data connections come about: by passive mode first and active mode where that fails, or by one way alone. */
export type DataMode = 'auto' | 'passive' | 'active' | 'epsv' | 'pasv' | 'port' | 'eprt'

/**
 * `implicit`: TLS from the first byte. `require`: AUTH TLS, or nothing. `prefer`: where the server offers it, and whoever it
 * is, as in clear nobody would be known either. `off`: in clear.
 */
export type TlsWish = 'implicit' | 'require' | 'prefer' | 'off'

/** What an FTP client can be told beyond what every client is. */
export interface FtpOptions extends RemoteOptions {
  readonly mode?: DataMode
  /** Whether to encrypt, `off` if not said. */
  readonly tls?: TlsWish
  /** Whom to trust under TLS, and who we are. */
  readonly trust?: TlsTrust
  /** Whether the address in a reply to PASV is believed. If not said, the server's own is taken: routers make liars of many. */
  readonly believePasv?: boolean
  /** Active mode: the address to tell the server, where a router stands between. */
  readonly activeAddress?: string
  /** Active mode: the ports to listen on, any free one if not said. */
  readonly activePorts?: { readonly first: number; readonly last: number }
  /** What ACCT says where a server asks for an account (332). */
  readonly account?: string
  /** Whether files are text: they travel in TYPE A, and their lines end with LF here. */
  readonly text?: boolean
  /** How many lines of one listing are taken, 2,000,000 if not said: a server may send them without end. */
  readonly mostListed?: number
  /** How often a transfer that broke goes on over a new connection, 3 if not said. */
  readonly retries?: number
}
