import type { Lookup, Step } from '../step.ts'

/** What came back for one request. */
export interface Asked extends Step {
  readonly options: Readonly<Record<string, string>>
  /** Which of them the server took, and what it made of them. */
  readonly taken?: Readonly<Record<string, string>>
  /** The server's port of this exchange (its TID). */
  readonly from?: number
  /** The number of an ERROR (RFC 1350 §5). */
  readonly code?: number
  /** How many bytes the first block had. */
  readonly blockBytes?: number
}

/** Everything that was found out about a TFTP server, as far as it got. */
export interface TftpFindings {
  readonly host: string
  readonly port: number
  readonly lookup?: Lookup
  readonly local?: string
  readonly peer?: string
  /** The file that was asked for; without one, a name that no server has. */
  readonly file?: string
  /** The plain protocol, as boot ROMs speak it. */
  readonly plain?: Asked
  /** With all options. */
  readonly rich?: Asked
  /** With blocks that cross no Ethernet whole. */
  readonly large?: Asked
}
