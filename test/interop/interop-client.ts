import type { StartedProgram } from './program.ts'

/** How data connections come about: PASV and EPSV let the server listen, PORT and EPRT the client. */
export type Way = 'PASV' | 'EPSV' | 'PORT' | 'EPRT'

/** PASV and PORT cannot tell an IPv6 address. */
export type WayOver = `${Way} over IPv4` | 'EPSV over IPv6' | 'EPRT over IPv6'

export const allWays: readonly WayOver[] = [
  'PASV over IPv4',
  'EPSV over IPv4',
  'PORT over IPv4',
  'EPRT over IPv4',
  'EPSV over IPv6',
  'EPRT over IPv6',
]

/** Names that are hard on someone between the client's command line and the disk. */
export const hardNames = {
  spaces: 'two  spaces.txt',
  'letters beyond ASCII': 'Grüße 日本語.txt',
  emoji: '😀🚢.txt',
  'an apostrophe': "captain's log.txt",
  'double quotes': 'the "best" ship.txt',
  'a leading dash': '-la.txt',
} as const

export type HardName = keyof typeof hardNames

/** Where a client goes, as whom, and how. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly way: Way
  /** The client's working folder, its HOME too, so that no settings of the user are read. */
  readonly folder: string
}

/** What came of one run of a client. */
export interface Outcome {
  /** Whether the client itself says that it went well. */
  readonly ok: boolean
  readonly printed: string
  /** The run as it would be typed, for those who want to see a failure again. */
  readonly command: string
}

/** Something that a client is not made for, and why; what would test it is skipped with that reason. */
export interface Cannot {
  readonly cannot: string
}

export type OnePath = (at: Place, remote: string) => Promise<Outcome>
export type Upload = (at: Place, local: string, remote: string) => Promise<Outcome>
export type Download = (at: Place, remote: string, local: string) => Promise<Outcome>
export type Rename = (at: Place, from: string, to: string) => Promise<Outcome>
export type StartUpload = (at: Place, local: string, remote: string) => Promise<StartedProgram>

/** A real FTP client. Every operation runs the program once; remote paths are absolute, local ones too. */
export interface InteropClient {
  readonly name: string
  readonly program: string
  /** The command that brings the program to a machine without it. */
  readonly install: string
  /** What makes the program tell its version: words, or something typed into it. */
  readonly tellVersion: { readonly words: readonly string[]; readonly input?: string }
  /** What is used where nothing else is asked for. */
  readonly usualWay: Way
  /** The ways that it does not have, and why. */
  readonly noWay: Partial<Readonly<Record<WayOver, string>>>
  /** The names that it cannot be told, and why. */
  readonly noName: Partial<Readonly<Record<HardName, string>>>

  /** Prints a line for each entry of a directory, with its name and its size. */
  readonly list: OnePath
  readonly get: Download
  /** Goes on with a download whose first part is in the local file. */
  readonly resumeGet: Download | Cannot
  /** Downloads in ASCII. */
  readonly getText: Download | Cannot
  /** What a line ends with in a text that it has downloaded. */
  readonly lineEnd: '\n' | '\r\n'
  readonly put: Upload | Cannot
  /** Begins an upload that takes so long that it can be killed in the middle. */
  readonly startPut: StartUpload | Cannot
  /** Goes on with an upload whose first part the server has. */
  readonly resumePut: Upload | Cannot
  /** Uploads in ASCII. */
  readonly putText: Upload | Cannot
  readonly mkdir: OnePath | Cannot
  readonly rmdir: OnePath | Cannot
  readonly rename: Rename | Cannot
  readonly remove: OnePath | Cannot
}
