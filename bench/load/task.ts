import type { AbuseDeed } from './abuse.ts'

/** Where a server stands, and who may enter. */
export interface Address {
  /** 127.0.0.1 if nothing is said. */
  readonly host?: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** FTP that asks for TLS. */
  readonly tls?: boolean
  /** A file with the private key that lets the user in. */
  readonly key?: string
}

/** What is done over SFTP. A cipher is one of SSH's names; ours are all offered if none is said. */
export type SftpDeed =
  | { readonly deed: 'enter'; readonly at: Address; readonly sessions: number; readonly cipher?: string }
  | { readonly deed: 'leave' }
  | { readonly deed: 'get' | 'put'; readonly path: string; readonly bytes: number }
  | { readonly deed: 'remove'; readonly path: string }
  /** So many names must come, beside `.` and `..`. */
  | { readonly deed: 'list'; readonly path: string; readonly entries: number }
  | { readonly deed: 'logins'; readonly at: Address; readonly count: number; readonly lanes: number }
  /** OpenSSH's sftp does these lines. */
  | {
      readonly deed: 'program'
      readonly at: Address
      readonly lines: readonly string[]
      readonly cipher?: string
    }

/** A file by TFTP: 512 and 1 ask for nothing. */
export interface TftpWish {
  readonly path: string
  readonly bytes: number
  readonly blockSize: number
  readonly window: number
}

/** Each who has entered does one of four things, so often: a quarter each fetch, send, list, and come and go with little files. */
export interface MixedDeed {
  readonly turns: number
  readonly folder: string
  readonly file: string
  readonly bytes: number
  readonly list: string
  readonly entries: number
}

/** A version of TLS and a cipher of it. */
export interface Suite {
  readonly version: '1.2' | '1.3'
  readonly cipher: string
}

/** What curl does: where, in which version of TLS and with which cipher. */
export interface CurlDeed {
  readonly at: Address
  readonly way: 'down' | 'up'
  readonly path: string
  /** The file that goes up. */
  readonly file: string
  readonly version: '1.2' | '1.3'
  readonly cipher: string
}

/** What the load generator can be asked to do. Whoever enters takes the place of those who are there; the first one transfers, and all share what is many. */
export type Task =
  | { readonly kind: 'enter'; readonly at: Address; readonly sessions: number; readonly suite?: Suite }
  | { readonly kind: 'leave' }
  /** By the first, or by every one in turn. */
  | { readonly kind: 'say'; readonly line: string; readonly everyone?: true }
  | { readonly kind: 'download' | 'upload'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'list'; readonly verb: 'LIST' | 'MLSD'; readonly path: string; readonly entries: number }
  | {
      readonly kind: 'download-many' | 'upload-many' | 'remove-many'
      readonly files: number
      readonly bytes: number
    }
  | { readonly kind: 'mixed'; readonly what: MixedDeed }
  /** So many at once. It says the window that was agreed. */
  | { readonly kind: 'tftp'; readonly at: Address; readonly clients: number; readonly wish: TftpWish }
  /** It says how long the transfer itself took, in seconds. */
  | { readonly kind: 'curl'; readonly what: CurlDeed }
  | { readonly kind: 'sftp'; readonly what: SftpDeed }
  | { readonly kind: 'abuse'; readonly what: AbuseDeed }
  /** It says what somebody else noticed of it. */
  | { readonly kind: 'notice'; readonly at: Address; readonly seconds: number }
  | { readonly kind: 'logins'; readonly at: Address; readonly count: number; readonly lanes: number }

/** What a task took, by the load generator's own clock, and what the server said last. */
export interface Done {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly text: string
}
