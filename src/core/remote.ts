import type { Clock } from './clock.ts'
import type { Network } from './network.ts'
import type { Path } from './path.ts'
import type { Change, OpenFile, Opening, Store } from './store.ts'

/**
 * How sure it is that a file crossed whole. `proven`: the protocol's own end came and the size or a hash agrees.
 * `size-only`: the size agrees, but the end that should have been said was not, or the file grew meanwhile. `unproven`: an end came, and nothing could
 * be compared with it.
 */
export type Completeness = 'proven' | 'size-only' | 'unproven'

/** A file that is open at the other end of a connection. */
export interface RemoteFile extends OpenFile {
  /** Known once `close` has resolved. */
  readonly completeness: Completeness
  /** Up to where all that was written is known to be there. */
  readonly sure?: number
  /** Whether what the opening asked to keep was seen to, known then too. */
  readonly kept?: boolean
  /** Whether a file that was read grew meanwhile, so that what came is its beginning if it was only appended to. */
  readonly grew?: boolean
}

/** What became of a file that was written in one go. */
export type WrittenWhole = Required<Pick<RemoteFile, 'completeness' | 'kept'>>

/** A Store at the other end of a connection, whatever the protocol. */
export interface RemoteStore extends Store {
  /** Where it is, without a password. */
  readonly url: string
  /** Where a path without a leading slash begins: the directory that a login lands in (PWD, realpath of `.`), else `/`. */
  readonly home: Path
  /** Whether files are lines of text here, whose bytes are others over there: sizes and places are not to be compared. */
  readonly text?: boolean
  open(path: Path, how: Opening): Promise<RemoteFile>
  /** The same place, for calls that end when the signal says so: the session outlives them. */
  under(signal: AbortSignal): RemoteStore
  /** A hash made over there, in hexadecimal; `unsupported` where it can make none. */
  hash(path: Path, algorithm: HashName): Promise<string>
  /** Copies a file without its bytes coming here; `unsupported` where it cannot. */
  copy(from: Path, to: Path): Promise<void>
  /**
   * Has the file sent to another server without its bytes coming here; `unsupported` where they do not do that. `unchecked`
   * allows it also where they encrypt and do not check who the other is.
   */
  send?(from: Path, target: RemoteStore, to: Path, unchecked?: boolean): Promise<Completeness>
  /** How many bytes of a file are there, those of an upload that stopped among them; undefined: none, or nobody tells. */
  begun?(path: Path): Promise<number | undefined>
  /** How many bytes before the end of an upload that broke off may never have been written, where writes go out of order. */
  readonly mayLack?: number
  /** Whether there is a directory, perhaps behind a link, where that is asked more cheaply than what there is. */
  isDirectory?(path: Path): Promise<boolean>
  /** How many lines of a directory's last listing may be files that nobody could read: nobody may take them for missing. */
  unread?(path: Path): number
  /**
   * Reads a small file, whose size a listing has just told, in fewer steps than an open one takes, and proves it whole. Returns how
   * long it is; undefined where it cannot, or where that went otherwise than it mostly does: then it is to be opened.
   */
  readWhole?(path: Path, size: number, into: Uint8Array): Promise<number | undefined>
  /** Writes a small file so, in place of one that is there; undefined: it is to be opened and written again. */
  writeWhole?(path: Path, content: Uint8Array, keeps: Change): Promise<WrittenWhole | undefined>
  /** What the other side said it can do, in its own words (FEAT, extensions, options). */
  capabilities(): readonly string[]
  /** Says good-bye and closes every connection. */
  end(): Promise<void>
}

/** The hashes that can be asked for. */
export type HashName = 'crc32' | 'md5' | 'sha1' | 'sha256' | 'sha512'

/** A secret that is asked for when it is needed. */
export interface SecretWanted {
  readonly kind: 'password' | 'passphrase' | 'code' | 'answer'
  /** What the other side, or the key file, calls it. */
  readonly prompt: string
  readonly host: string
  readonly user: string
  /** 1, then 2 when the first was wrong. */
  readonly attempt: number
}

/** A key or certificate that nothing here vouches for. */
export interface TrustWanted {
  readonly kind: 'host-key' | 'certificate'
  readonly host: string
  readonly port: number
  readonly algorithm: string
  /** `SHA256:…` as OpenSSH writes it for keys; `AB:CD:…` (SHA-256) for certificates. */
  readonly fingerprint: string
  /** What is wrong with it, as a sentence. */
  readonly trouble: string
}

/** The person, or the program, in front of a client. */
export interface Ask {
  /** undefined: there is none. */
  secret(wanted: SecretWanted): Promise<string | undefined>
  trust(wanted: TrustWanted): Promise<'no' | 'once' | 'always'>
}

/** What every client needs to begin. */
export interface RemoteOptions {
  readonly network: Network
  readonly clock: Clock
  readonly host: string
  /** The protocol's own if none is said. */
  readonly port?: number
  readonly user?: string
  readonly ask: Ask
  /** Told each line of the dialogue, secrets masked. */
  readonly said?: (from: 'client' | 'server' | 'note', line: string) => void
  /** Told what a person should know who waits: what is silent, and which way is taken instead. */
  readonly warned?: (line: string) => void
  /** How long the other side may be silent, 30 s if not said. */
  readonly silenceMs?: number
  /** How many connections at once; if not said, what suits the protocol. */
  readonly connections?: number
  readonly signal?: AbortSignal
}
