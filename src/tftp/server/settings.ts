import type { Remap } from './remap.ts'

/** Ports from `first` to `last`, both included. */
export interface TransferPorts {
  readonly first: number
  readonly last: number
}

/** Everything about the TFTP server that can be set; `tftpDefaults` has a value for each. */
export interface TftpSettings {
  /** The ports that transfers use: a range, any free one, or the one that is listened on, for NAT and containers. */
  readonly ports: TransferPorts | 'any' | 'single'
  /** Uploads: none, under names that are free, or also in place of what is there. */
  readonly write: 'off' | 'new' | 'replace'
  /** Transfers at once, in all. */
  readonly transfers: number
  /** Transfers at once with one address. */
  readonly transfersPerAddress: number
  /** The largest block that is agreed to; 1468 keeps packets whole on Ethernet whatever the client asks for. */
  readonly largestBlock: number
  /** The largest window that is agreed to, in blocks. */
  readonly largestWindow: number
  /** Which file is meant by a name; the one of that name if nothing is said. */
  readonly remap: Remap | undefined
  /** Whether requests and their answers become events. */
  readonly transcript: boolean
}

/** The settings of a server that nobody has set anything for. */
export const tftpDefaults: TftpSettings = {
  ports: 'any',
  write: 'off',
  transfers: 2000,
  transfersPerAddress: 256,
  largestBlock: 65_464,
  largestWindow: 65_535,
  remap: undefined,
  transcript: false,
}
