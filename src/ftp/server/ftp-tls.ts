import { guestNames } from '../../core/guest-names.ts'
import type { TlsIdentity } from '../../core/tls.ts'

/** How an FTP server speaks TLS. */
export interface FtpTls {
  /** What to show: asked at each handshake of a control connection, so that a new certificate holds from the next one on. */
  readonly identity: (host: string | undefined) => TlsIdentity
  readonly users: TlsWishes
  readonly anonymous: TlsWishes
  /**
   * What proves that a data connection belongs to its session. `require`: a resumed TLS session. `prefer`: that, or for
   * clients that cannot the address. `address`: the address alone.
   */
  readonly reuse: 'require' | 'prefer' | 'address'
  /** What the end of an upload needs under TLS: `strict` a close_notify, `lenient` any orderly end. */
  readonly end: 'strict' | 'lenient'
  /** Whether CCC is taken. */
  readonly ccc: boolean
  /** Whether users need a certificate of their own: `taken` lets in who has one that an account knows. */
  readonly certificates: 'off' | 'taken' | 'required'
  readonly handshakeMs: number
}

/** Whether something has to be encrypted, may be, or must not be. */
export type TlsWish = 'required' | 'offered' | 'off'

/** Of the control connection, and of data connections. */
export interface TlsWishes {
  readonly control: TlsWish
  readonly data: TlsWish
}

/** What a user of this name must and may encrypt. */
export function wishesFor({ users, anonymous }: FtpTls, name: string): TlsWishes {
  return guestNames.has(name.toLowerCase()) ? anonymous : users
}
