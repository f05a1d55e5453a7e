import type { FtpTls } from './ftp-tls.ts'

/** Ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** The address that clients of one network are told in PASV. */
export interface AddressFor {
  /** `192.168.0.0/16`, `fd00::/8`, or one address. */
  readonly network: string
  /** An IP address or a host name, looked up again as it changes. */
  readonly address: string
}

/** Everything about the FTP server that can be set; `ftpDefaults` has a value for each. */
export interface FtpSettings {
  /** The text of the greeting, without its code. */
  readonly greeting: string
  /** Passive ports: a range, any free port, or no passive mode at all. */
  readonly passive: PortRange | 'any' | 'off'
  /** What to tell clients in PASV when the address they connected to is not the one they can reach. */
  readonly publicAddress: string | undefined
  /** Exceptions to it, first match wins. */
  readonly addresses: readonly AddressFor[]
  /** Whether PORT and EPRT are taken. */
  readonly active: boolean
  /** The port that active connections come from where the system permits it; 0: any. Firewalls of old expect 20. */
  readonly activePort: number
  /** How long a session may say and move nothing. `SITE IDLE` changes it up to `longestIdleMs`. */
  readonly idleMs: number
  readonly longestIdleMs: number
  /** How long a connection may take to log in. */
  readonly loginMs: number
  /** How long a transfer may move nothing. */
  readonly stallMs: number
  /** How long a data connection may take to come, or to be made. */
  readonly dataConnectMs: number
  /** Names that HOST (RFC 7151) takes; none: any. */
  readonly hosts: readonly string[]
  /**
   * MODE Z: named in FEAT, taken from who asks for it without that, or refused. Named, lftp uses it for everything, and is
   * twenty times slower on a fast network than without.
   */
  readonly deflate: 'offered' | 'taken' | 'off'
  /** Encryption (RFC 4217); `off`: none, and AUTH is not known. */
  readonly tls: FtpTls | 'off'
  /** How many unknown or broken commands a session may send. */
  readonly badCommands: number
  /** Whether each line said on the control connection becomes an event (passwords masked). */
  readonly transcript: boolean
}

/** The settings of a server that nobody has set anything for. */
export const ftpDefaults: FtpSettings = {
  greeting: 'Ferry FTP server ready.',
  passive: 'any',
  publicAddress: undefined,
  addresses: [],
  active: true,
  activePort: 20,
  idleMs: 300_000,
  longestIdleMs: 7_200_000,
  loginMs: 60_000,
  stallMs: 300_000,
  dataConnectMs: 30_000,
  hosts: [],
  deflate: 'taken',
  tls: 'off',
  badCommands: 20,
  transcript: false,
}

/** The longest command line, without its end. */
export const longestLine = 4096

/** How many commands may wait behind a running one; then the connection is read no further. */
export const longestQueue = 64
