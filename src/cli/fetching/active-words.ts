import { familyOf } from '../../core/address.ts'
import type { FtpOptions } from '../../ftp/client/options.ts'
import { UsageError } from '../usage-error.ts'

/** What was said of active mode behind a router: the address that the server is told, and the ports to listen on. */
export function activeWords(
  address: string | undefined,
  ports: string | undefined,
): Pick<FtpOptions, 'activeAddress' | 'activePorts'> {
  if (address !== undefined && familyOf(address) === undefined)
    throw new UsageError(`--active-address takes an IPv4 or IPv6 address, and not "${address}".`)
  return {
    ...(address === undefined ? {} : { activeAddress: address }),
    ...(ports === undefined ? {} : { activePorts: rangeOf(ports) }),
  }
}

function rangeOf(text: string): { readonly first: number; readonly last: number } {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(text) ?? []
  const range = { first: Number(first), last: Number(last) }
  if (first !== '' && range.first > 0 && range.first <= range.last && range.last <= 65_535) return range
  throw new UsageError(`--active-ports takes a port or a range like 50000-50100, and not "${text}".`)
}
