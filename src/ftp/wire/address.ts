import { canonicalAddress, familyOf } from '../../core/address.ts'
import type { Peer } from '../../core/network.ts'

/** What the argument of EPRT says; `unknown-family` is answered 522, `malformed` 501 (RFC 2428 §2). */
type ExtendedAddress =
  | { readonly kind: 'peer'; readonly peer: Peer }
  | { readonly kind: 'unknown-family' }
  | { readonly kind: 'malformed' }

/** Reads the argument of PORT: `h1,h2,h3,h4,p1,p2` and nothing else (RFC 959 §4.1.2). */
export function parsePort(argument: string): Peer | undefined {
  return /^\d{1,3}(?:,\d{1,3}){5}$/.test(argument) ? peerOf(argument) : undefined
}

/** The six numbers of PORT and 227 for an IPv4 peer. */
export function formatPort({ address, port }: Peer): string {
  if (familyOf(address) !== 4) throw new Error(`${address} is no IPv4 address`)
  return `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
}

/** Reads the argument of EPRT: `|family|address|port|` with any delimiter from 33 to 126 (RFC 2428 §2). */
export function parseEprt(argument: string): ExtendedAddress {
  const delimiter = argument.charAt(0)
  if (delimiter < '!' || delimiter > '~') return { kind: 'malformed' }
  const [, family = '', address = '', portText = '', rest, ...more] = argument.split(delimiter, 7)
  if (rest !== '' || more.length > 0 || !/^\d{1,5}$/.test(family)) return { kind: 'malformed' }
  if (family !== '1' && family !== '2') return { kind: 'unknown-family' }
  const port = portOf(portText)
  // A zone has a meaning on the machine of the one who wrote it only.
  const good = familyOf(address) === (family === '1' ? 4 : 6) && !address.includes('%')
  if (port === undefined || !good) return { kind: 'malformed' }
  return { kind: 'peer', peer: { address: canonicalAddress(address), port } }
}

/** The argument of EPRT for a peer; a zone is not told. */
export function formatEprt({ address, port }: Peer): string {
  const [plain = ''] = address.split('%')
  return `|${familyOf(plain) === 4 ? 1 : 2}|${plain}|${port}|`
}

/** What a 229 reply says in parentheses (RFC 2428 §3). */
export function formatEpsvPort(port: number): string {
  return `(|||${port}|)`
}

/** Finds the six numbers in the text of a 227 reply, with parentheses or without (RFC 1123 §4.1.2.6). */
export function parsePasvReply(text: string): Peer | undefined {
  const found = /(?<![\d,])\d{1,3}(?: ?, ?\d{1,3}){5}(?!\d)/.exec(text)
  return found ? peerOf(found[0]) : undefined
}

/** Finds the port in the text of a 229 reply; family and address, which some tell too, are those of the control connection. */
export function parseEpsvReply(text: string): number | undefined {
  const found = /([!-/:-@[-`{-~])[12]?\1[\da-f.:]{0,45}\1(\d{1,5})\1/i.exec(text)
  return portOf(found?.[2] ?? '')
}

function peerOf(sixNumbers: string): Peer | undefined {
  const numbers = sixNumbers.split(',').map(Number)
  const [high = 0, low = 0] = numbers.slice(4)
  const port = high * 256 + low
  if (port === 0 || numbers.some((number) => number > 255)) return undefined
  return { address: numbers.slice(0, 4).join('.'), port }
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
