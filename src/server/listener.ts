import type { Protocol } from '../core/account.ts'
import type { FtpSettings } from '../ftp/server/settings.ts'
import type { TftpSettings } from '../tftp/server/settings.ts'

/** Where FTP is served, and how: everything of `FtpSettings` may be said too. */
export interface FtpListener extends Partial<FtpSettings> {
  /** The address to listen on; all of them if none is said. */
  readonly host?: string
  /** 2121 if none is said; 0 takes a free one. */
  readonly port?: number | 'off'
  /** Where TLS begins with the connection (implicit FTPS); nowhere if nothing is said. 0 takes a free one. */
  readonly implicitPort?: number
}

/** Where TFTP is served, and how. It knows no passwords: what a device gets is what `accounts` give to its address. */
export interface TftpListener extends Partial<TftpSettings> {
  /** The address to listen on; each of them if none is said. */
  readonly host?: string
  /** 6969 if none is said; 0 takes a free one. */
  readonly port?: number
}

/** Where the server can be reached. */
export interface Listener {
  readonly protocol: Protocol
  /** The address, as one would connect to it. */
  readonly address: string
  readonly port: number
  /** Of the host key, `SHA256:…`, where there is one. */
  readonly fingerprint?: string
  /** The SSH host whose port it is, where it is none of this machine's. */
  readonly through?: string
}
