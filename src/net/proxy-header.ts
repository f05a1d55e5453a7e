import type { Peer } from '../core/network.ts'
import { canonicalAddress, familyOf } from '../core/address.ts'

/** What a header of the PROXY protocol says. `local`: the proxy speaks for itself (a health check). */
export interface ProxyHeader {
  readonly used: number
  readonly peers: { readonly remote: Peer; readonly local: Peer } | 'local'
}

/** The longest header of version 1 (§2.1 of the specification), with its CRLF. */
const longestLine = 107

/** What is taken of version 2: its addresses and some kilobytes of extensions. */
const longestBlock = 16 + 4096

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/**
 * Reads a header (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt), version 1 or 2, at the beginning of a
 * connection; undefined: more must come. `wrong` where it is none.
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader | 'wrong' | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestBlock))
  if (start.length === 0) return undefined
  return start[0] === 0x0d ? readBlock(start) : readLine(start)
}

function readLine(start: Buffer): ProxyHeader | 'wrong' | undefined {
  const text = start.toString('latin1', 0, longestLine)
  const end = text.indexOf('\r\n')
  if (end < 0)
    return text.length >= longestLine || !'PROXY '.startsWith(text.slice(0, 6)) ? 'wrong' : undefined
  const used = end + 2
  const line = text.slice(0, end)
  if (/^PROXY UNKNOWN(?: |$)/u.test(line)) return { used, peers: 'local' }
  const [, family, from = '', to = '', fromPort = '', toPort = ''] =
    /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/u.exec(line) ?? []
  if (family === undefined || familyOf(from) !== Number(family) || familyOf(to) !== Number(family))
    return 'wrong'
  const ports = [Number(fromPort), Number(toPort)]
  if (ports.some((port) => port > 65_535)) return 'wrong'
  return { used, peers: { remote: peerOf(from, ports[0] ?? 0), local: peerOf(to, ports[1] ?? 0) } }
}

function readBlock(start: Buffer): ProxyHeader | 'wrong' | undefined {
  const seen = Math.min(start.length, signature.length)
  if (!start.subarray(0, seen).equals(signature.subarray(0, seen))) return 'wrong'
  if (start.length < 16) return undefined
  const [command = 0, family = 0] = start.subarray(12, 14)
  const length = start.readUInt16BE(14)
  if (command >> 4 !== 2 || (command & 15) > 1 || 16 + length > longestBlock) return 'wrong'
  if (start.length < 16 + length) return undefined
  const used = 16 + length
  // LOCAL, and what is neither TCP over IPv4 nor over IPv6, must be taken as it is.
  if ((command & 15) === 0) return { used, peers: 'local' }
  const size = family === 0x11 ? 4 : family === 0x21 ? 16 : 0
  if (size === 0) return { used, peers: 'local' }
  if (length < 2 * size + 4) return 'wrong'
  const at = 16 + 2 * size
  const remote = peerOf(addressIn(start.subarray(16, 16 + size)), start.readUInt16BE(at))
  const local = peerOf(addressIn(start.subarray(16 + size, at)), start.readUInt16BE(at + 2))
  return { used, peers: { remote, local } }
}

function addressIn(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.')
  return Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(':')
}

function peerOf(address: string, port: number): Peer {
  return { address: canonicalAddress(address), port }
}
