/** A server that can be measured: ours, or a peer. */
export interface Contender {
  readonly name: string
  /** `published`: FTP where an SSH host stands between. */
  readonly protocol: 'ftp' | 'ftps' | 'tftp' | 'sftp' | 'published'
  readonly user: string
  readonly password: string
  /** Measured only when asked for by name: ours in another setting. */
  readonly onlyByName?: true
  /** The private key that lets the user in, where it is one. */
  readonly key?: (folder: string) => string
  /** Why it cannot run here and how to mend that; undefined when it can. */
  missing(): string | undefined
  /** Writes its configuration and says how it is started. */
  prepare(site: Site): Launch
}

/** What a server is given. */
export interface Site {
  /** The folder to serve. */
  readonly files: string
  /** A folder of its own, for its configuration and whatever it keeps. */
  readonly folder: string
  /** A port that was free a moment ago. */
  readonly port: number
}

/** How a server is started: in the foreground, and without a log. */
export interface Launch {
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Where it listens that cannot be told where. */
  readonly at?: { readonly host: string; readonly port: number }
  /** Where the server takes a port by itself: finds it in what it has printed so far. */
  readonly port?: (printed: string) => number | undefined
}
