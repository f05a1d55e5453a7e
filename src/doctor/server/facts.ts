/** One port that the configuration names. */
export interface PortFact {
  readonly service: 'FTP' | 'FTPS' | 'SFTP' | 'TFTP'
  readonly transport: 'tcp' | 'udp'
  readonly port: number
  /** `ours`: the running server has it. */
  readonly state: 'free' | 'ours' | 'taken' | 'not-permitted'
  /** What a firewall of this machine does with it, as far as it can be read. */
  readonly firewall: 'lets in' | 'drops' | 'not known'
}

export interface PassiveFact {
  readonly first: number
  readonly last: number
  /** How many sessions there may be at once. */
  readonly expected: number
  /** Ports in it that other programs listen on. */
  readonly taken: readonly number[]
  /** The ports that the system itself gives to outgoing connections. */
  readonly ephemeral?: { readonly first: number; readonly last: number }
  readonly firewall: PortFact['firewall']
}

export interface PublicFact {
  /** What was set; undefined: nothing. */
  readonly said: string | undefined
  readonly addresses: readonly string[]
  readonly lookupMs: number
  readonly fault?: string
}

export interface CertificateFact {
  readonly file: string
  readonly fault?: string
  readonly daysLeft?: number
  readonly names?: string
  readonly selfSigned?: boolean
  readonly rsaBits?: number
  readonly keyFits?: boolean
  /** How many certificates the file has: one alone shows nobody above it. */
  readonly chainLength?: number
}

/** A file with a secret in it that others than its owner may read. */
export interface OpenSecret {
  readonly file: string
  readonly mode: string
}

export interface HomeFact {
  readonly account: string
  readonly folder: string
  readonly fault: 'missing' | 'no folder' | 'not readable' | 'not writable'
}

/** What the peer said that was asked to connect from outside. */
export interface OutsideFact {
  /** The address that it sees us come from. */
  readonly sees?: string
  readonly ports: readonly {
    readonly port: number
    readonly outcome: 'reached' | 'not reached' | 'not asked'
    readonly reply?: string
  }[]
  readonly fault?: string
}

/** What was found out about a server from inside. */
export interface ServerFacts {
  readonly running: boolean
  readonly addresses: readonly string[]
  readonly host: string | undefined
  readonly ports: readonly PortFact[]
  readonly passive: PassiveFact | 'any' | 'off'
  readonly publicAddress: PublicFact
  /** The SSH host where clients reach it, if there is one: then nothing need lead to this machine. */
  readonly published?: string
  /** Whether firewall rules could be read. */
  readonly firewallRead: boolean
  readonly ftpHelper: boolean
  readonly container: boolean
  readonly tls: 'required' | 'offered' | 'off'
  readonly tlsReuse: string
  readonly certificate?: CertificateFact
  readonly openSecrets: readonly OpenSecret[]
  readonly disk:
    | { readonly folder: string; readonly freeBytes: number; readonly freeFiles: number }
    | undefined
  readonly openFiles: number | undefined
  readonly conntrack: { readonly count: number; readonly most: number } | undefined
  /** undefined: the system does not say. */
  readonly clockInStep: boolean | undefined
  readonly homes: readonly HomeFact[]
  readonly accounts: number
  readonly bans: number
  readonly anonymous: boolean
  readonly weakPasswords: readonly string[]
  readonly legacySsh: boolean
  readonly tftpWrite: boolean
  /** Parts of uploads that were broken off more than a day ago. */
  readonly leftovers: number
  /** What this machine encrypts in a second, in megabytes, by AES-128-GCM. */
  readonly cipherMegabytes: number
  readonly outside?: OutsideFact
}
