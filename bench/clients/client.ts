import type { Address } from '../load/task.ts'

/** What a client is asked to do: one file, or a tree. `far` is below the server's root, `near` a path of this machine. */
export interface Deed {
  readonly way: 'down' | 'up'
  readonly what: 'file' | 'tree'
  readonly far: string
  readonly near: string
}

/** How a client is started. */
export interface Start {
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Where the server is, and what leads to its files. */
export interface Far extends Address {
  readonly host: string
  readonly protocol: 'ftp' | 'sftp'
  /** The path of the served folder, as clients see it. */
  readonly top: string
  /** A folder for what a client must be told in a file. */
  readonly folder: string
}

/** A program that moves files. */
export interface Client {
  readonly name: string
  /** The package that brings it; of ours there is none. */
  readonly from?: string
  /** undefined: it cannot do that. */
  start(deed: Deed, far: Far): Start | undefined
}
