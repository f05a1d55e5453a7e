import { isNetwork } from '../../core/cidr.ts'
import { blockSizes } from '../../tftp/options.ts'
import { tftpDefaults, type TftpSettings } from '../../tftp/server/settings.ts'
import type { OptionRows } from '../options.ts'
import { parseRange } from './port-range.ts'
import { UsageError } from '../usage-error.ts'

/** A folder of its own for the clients of a network. */
export interface TftpRoot {
  readonly network: string
  readonly directory: string
}

/** What the words of `ferry serve` say of TFTP beyond its port. */
export interface TftpWords {
  /** The ports of transfers. */
  readonly ports: TftpSettings['ports']
  readonly write: TftpSettings['write']
  readonly largestBlock: number
  readonly largestWindow: number
  /** The first network that holds a client decides what it sees; the shared folder is for all others. */
  readonly roots: readonly TftpRoot[]
  readonly remap: string | undefined
}

/** The options of TFTP; each is a key of ferry.yaml as well. */
export const tftpOptions = {
  'tftp-write': { type: 'boolean', does: 'take uploads by TFTP too, under names that are free' },
  'tftp-overwrite': { type: 'boolean', does: 'the same, and in place of files that are there' },
  'tftp-blksize': {
    type: 'string',
    value: 'BYTES',
    does: 'the largest block that is agreed to, for devices that ask for more than they can take',
  },
  'tftp-windowsize': {
    type: 'string',
    value: 'N',
    does: 'the largest window that is agreed to, in blocks; 1 for none',
  },
  'tftp-root': {
    type: 'string',
    multiple: true,
    value: 'NETWORK=DIR',
    does: 'what the clients of a network see by TFTP, instead of DIR; may be said several times',
  },
  'tftp-remap': {
    type: 'string',
    value: 'FILE',
    does: "which names mean which, by the rules of tftpd-hpa's --map-file; SIGHUP reads it anew",
  },
  'tftp-ports': {
    type: 'string',
    value: 'PORTS',
    does: "ports for TFTP's transfers, like 50000-50100; otherwise any free one",
  },
  'tftp-single-port': {
    type: 'boolean',
    does: 'all of TFTP over its one port, for containers and routers',
  },
} as const satisfies OptionRows

interface Said {
  readonly 'tftp-ports'?: string | undefined
  readonly 'tftp-single-port': boolean
  readonly 'tftp-write': boolean
  readonly 'tftp-overwrite': boolean
  readonly 'tftp-blksize'?: string | undefined
  readonly 'tftp-windowsize'?: string | undefined
  readonly 'tftp-root'?: readonly string[] | undefined
  readonly 'tftp-remap'?: string | undefined
  readonly 'read-only': boolean
}

/** Reads them. Where TFTP is off, nothing may be said of it. */
export function parseTftpWords(said: Said, port: number | 'off'): TftpWords {
  if (port === 'off') {
    for (const [option, wish] of wishes)
      if (isSaid(said[option])) throw new UsageError(`${wish} and TFTP is not: say --tftp PORT.`)
  }
  for (const option of ['tftp-write', 'tftp-overwrite'] as const)
    if (said[option] && said['read-only'])
      throw new UsageError(`--${option} and --read-only exclude one another.`)
  return {
    ports: parsePorts(said['tftp-ports'], said['tftp-single-port']),
    write: said['tftp-overwrite'] ? 'replace' : said['tftp-write'] ? 'new' : 'off',
    largestBlock: parseSize(said, 'tftp-blksize', [blockSizes.smallest, tftpDefaults.largestBlock]),
    largestWindow: parseSize(said, 'tftp-windowsize', [1, tftpDefaults.largestWindow]),
    roots: (said['tftp-root'] ?? []).map(parseRoot),
    remap: said['tftp-remap'],
  }
}

function isSaid(value: string | boolean | readonly string[] | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false
}

const wishes = [
  ['tftp-ports', 'the ports of TFTP are asked for'],
  ['tftp-single-port', 'the ports of TFTP are asked for'],
  ['tftp-write', 'uploads by TFTP are asked for'],
  ['tftp-overwrite', 'uploads by TFTP are asked for'],
  ['tftp-blksize', 'the blocks of TFTP are asked for'],
  ['tftp-windowsize', 'the windows of TFTP are asked for'],
  ['tftp-root', 'folders for TFTP are named'],
  ['tftp-remap', 'a remap file for TFTP is named'],
] as const satisfies readonly (readonly [keyof typeof tftpOptions, string])[]

function parsePorts(value: string | undefined, single: boolean): TftpWords['ports'] {
  if (value === undefined) return single ? 'single' : 'any'
  if (single) throw new UsageError('--tftp-ports and --tftp-single-port exclude one another.')
  const range = parseRange(value)
  if (range !== undefined) return range
  throw new UsageError(`--tftp-ports takes a port or ports like 50000-50100, and not "${value}".`)
}

/** The most that is agreed to: all that there can be, if nothing is said. */
function parseSize(
  said: Said,
  option: 'tftp-blksize' | 'tftp-windowsize',
  [least, most]: readonly [number, number],
): number {
  const value = said[option]
  if (value === undefined) return most
  const size = Number(value)
  if (/^\d{1,5}$/u.test(value) && size >= least && size <= most) return size
  throw new UsageError(`--${option} takes a number from ${least} to ${most}, and not "${value}".`)
}

function parseRoot(value: string): TftpRoot {
  const equals = value.indexOf('=')
  const network = value.slice(0, Math.max(0, equals))
  const directory = value.slice(equals + 1)
  if ((network === 'any' || isNetwork(network)) && directory !== '') return { network, directory }
  throw new UsageError(`--tftp-root takes NETWORK=DIR, like 10.1.0.0/16=./lab, and not "${value}".`)
}
