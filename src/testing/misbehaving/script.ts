/** One thing that a scripted server does. */
export type Step =
  /** Sends lines on the control connection; each gets its CRLF. `{port}` and `{numbers}` are those of the passive port. */
  | { readonly kind: 'say'; readonly text: string }
  /** Sends bytes on the control connection as they are. */
  | { readonly kind: 'bytes'; readonly bytes: string | Uint8Array }
  /** Waits. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Opens a passive port; `refuses` tells one of which nobody listens. */
  | { readonly kind: 'listen'; readonly refuses?: true }
  /** Makes the data connection that was agreed and sends what the command is about, between these parts of the whole. */
  | { readonly kind: 'send'; readonly from?: number; readonly to?: number }
  /** Makes the data connection and takes what comes: all, or as many bytes at most. */
  | { readonly kind: 'receive'; readonly bytes?: number }
  /** Ends the data connection as if all had been sent. */
  | { readonly kind: 'end-data' }
  /** Cuts the data connection (RST). */
  | { readonly kind: 'cut-data' }
  /** Does nothing until the client gives up: it says ABOR or QUIT, or closes. */
  | { readonly kind: 'stall' }
  /** Ends the control connection. */
  | { readonly kind: 'close' }
  /** Cuts the control connection (RST). */
  | { readonly kind: 'cut' }
  /** Does what a good server does for this command. */
  | { readonly kind: 'usual' }

/** How a server behaves. What is not said is what a good server does. */
export interface FtpScript {
  /** Before the first command; a banner if not said. */
  readonly greeting?: readonly Step[]
  /** What happens for a command, by its verb: the first list the first time, the last one from then on. */
  readonly answers?: Readonly<Record<string, readonly (readonly Step[])[]>>
  /** What becomes of commands that come in one piece with another: they are not heard, or the connection is cut for them. */
  readonly together?: 'drops' | 'cuts'
  /** Everything on the control connection leaves in pieces of so many bytes, a millisecond between them. */
  readonly pieces?: number
  /** The files that there are, by path; `/file.bin` with 100,000 bytes if not said. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** What LIST sends; a Unix listing of the files if not said. */
  readonly listing?: string | Uint8Array
  /** What MLSD sends; where it is not said, the server knows no MLSD. */
  readonly facts?: string | Uint8Array
  /** The lines of FEAT. */
  readonly features?: readonly string[]
  /** Commands that get 500, as if the server had never heard of them. */
  readonly unknown?: readonly string[]
}

/** What a client is asked to do in a scenario. */
export type Operation =
  /** Fetches `/file.bin`. */
  | 'download'
  /** Sends 100,000 bytes as `/new.bin`. */
  | 'upload'
  /** Lists `/`. */
  | 'list'
  /** Fetches the whole tree. */
  | 'tree'

/** How an honest client ends. */
export type Outcome =
  /** All bytes are there, and it says so. */
  | { readonly kind: 'whole' }
  /** It has all bytes, or says that it has not: both are honest. */
  | { readonly kind: 'whole-or-error' }
  /** It says what is wrong, and does not claim a file. */
  | { readonly kind: 'error'; readonly says?: RegExp }
  /** It sees these names and no others. */
  | { readonly kind: 'names'; readonly names: readonly string[] }

/** A server's behaviour, what a client should do there, and how that should end. */
export interface FtpScenario {
  readonly name: string
  readonly about: string
  readonly operation: Operation
  readonly script: FtpScript
  readonly outcome: Outcome
}

/** Sends a reply. */
export function say(text: string): Step {
  return { kind: 'say', text }
}

/** What a good server does for the command. */
export const usual: Step = { kind: 'usual' }
