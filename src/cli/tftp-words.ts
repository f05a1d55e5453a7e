import { isNetwork } from '../core/cidr.ts'
import { UsageError } from './usage-error.ts'

/** A folder of its own for the clients of a network. */
export interface TftpRoot {
  readonly network: string
  readonly directory: string
}

/** Reads `--tftp-root NETWORK=DIR`, as often as it was said. */
export function parseTftpRoots(
  values: readonly string[] | undefined,
  port: number | 'off',
): readonly TftpRoot[] {
  if (values !== undefined && port === 'off')
    throw new UsageError('folders for TFTP are named and TFTP is not: say --tftp PORT.')
  return (values ?? []).map(parseRoot)
}

/** Reads `--tftp-remap FILE`. */
export function parseTftpRemap(value: string | undefined, port: number | 'off'): string | undefined {
  if (value !== undefined && port === 'off')
    throw new UsageError('a remap file for TFTP is named and TFTP is not: say --tftp PORT.')
  return value
}

function parseRoot(value: string): TftpRoot {
  const equals = value.indexOf('=')
  const network = value.slice(0, Math.max(0, equals))
  const directory = value.slice(equals + 1)
  if ((network === 'any' || isNetwork(network)) && directory !== '') return { network, directory }
  throw new UsageError(`--tftp-root takes NETWORK=DIR, like 10.1.0.0/16=./lab, and not "${value}".`)
}
