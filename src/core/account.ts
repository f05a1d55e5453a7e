import type { Path } from './path.ts'
import type { Peer } from './network.ts'
import type { Store } from './store.ts'

/** How somebody speaks to a server. */
export type Protocol = 'ftp' | 'ftps' | 'sftp' | 'tftp'

/** What someone shows to be let in. */
export type Proof =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly algorithm: string; readonly key: Uint8Array; readonly signed: boolean }
  | { readonly kind: 'certificate'; readonly fingerprint: string }
  | { readonly kind: 'code'; readonly code: string }

/** One try to log in. */
export interface Attempt {
  readonly protocol: Protocol
  readonly peer: Peer
  /** Whether nobody on the way can read along. */
  readonly secure: boolean
  readonly user: string
  readonly proof: Proof
  /** The virtual host asked for (RFC 7151 HOST). */
  readonly host?: string
  /** What was shown before on this connection, was right, and was not enough. */
  readonly earlier?: readonly Proof[]
}

/** The deeds that can be allowed or not, path by path. */
export type Right =
  | 'list'
  | 'read'
  | 'create'
  | 'overwrite'
  | 'remove'
  | 'rename'
  | 'directories'
  | 'attributes'
  | 'links'

/** What may be done at and below a path; the rule of the deepest path that holds a file decides alone. */
export interface PathRights {
  readonly path: Path
  readonly allow: readonly Right[]
}

/** `atomic`: an upload appears when it is whole. `in-place`: as it comes, for devices that cannot live with that. */
export type UploadStyle = 'atomic' | 'in-place'

/** Ports from `first` to `last`, both included. */
export interface Ports {
  readonly first: number
  readonly last: number
}

/** Who someone is here, and what is theirs. */
export interface Account {
  /** The name in the log and in limits, whatever was typed at the login. */
  readonly name: string
  /** What the account sees as `/`. */
  readonly home: Store
  /** Nothing may be changed, whatever the rights say. */
  readonly readOnly: boolean
  /** None: everything is allowed. With rules, what no rule covers is not. */
  readonly rights: readonly PathRights[]
  /** When uploads appear. */
  readonly uploads: UploadStyle
  /** How many sessions at once; undefined: as many as the server takes. */
  readonly sessions?: number
  /** What else the account is held to. */
  readonly rules?: AccountRules
  /** Ports of this server that may listen for one of the account's own, by SSH; none: not at all. */
  readonly publish?: readonly Ports[]
}

/** What an account is held to beyond its rights; what is not said is not limited. */
export interface AccountRules {
  /** How much may lie in the home. */
  readonly quota?: Quota
  /** Bytes a second, of all sessions of the account together. */
  readonly rate?: Rate
  /** Bytes a second, of one session. */
  readonly sessionRate?: Rate
  /** Files that a session may have open at once. */
  readonly transfers?: number
  /** Sessions at once from one address, or one network of IPv6. */
  readonly sessionsPerAddress?: number
  /** Which names files may have. */
  readonly names?: NamePatterns
  /** Who is asked before something is done. */
  readonly hooks?: readonly Hook[]
}

/** How much an account may keep. */
export interface Quota {
  readonly bytes?: number
  readonly files?: number
}

/** Bytes a second, each way. */
export interface Rate {
  readonly download?: number
  readonly upload?: number
}

/** Patterns of file names: with `allow`, what fits none of them is refused; what fits one of `deny` is, always. */
export interface NamePatterns {
  readonly allow?: readonly string[]
  readonly deny?: readonly string[]
}

/** What a hook can be asked about. */
export type HookDeed = 'upload' | 'download' | 'remove'

/** Who is asked before a deed: a URL, or a program by its absolute path. */
export interface Hook {
  /** A URL, or the absolute path of a program. */
  readonly ask: string
  /** Before which deeds. */
  readonly before: readonly HookDeed[]
  /** How long an answer may take. */
  readonly timeoutMs: number
  /** What holds when no answer comes. */
  readonly onFailure: 'refuse' | 'allow'
}

/** What is said to one who wants to log in. */
export type Verdict =
  | { readonly kind: 'accept'; readonly account: Account }
  | { readonly kind: 'continue'; readonly wanted: readonly Proof['kind'][] }
  | { readonly kind: 'refuse'; readonly reason: string; readonly rule?: string }

/** Who may enter. The reason of a refusal is for the log; the peer is never told which part was wrong. */
export interface Accounts {
  /** Says whether this is who it claims to be. What it throws lets nobody in. */
  verify(attempt: Attempt): Promise<Verdict>
}
