import { ProtocolError } from '../core/error.ts'
import { decodeText, encodeText } from '../core/text.ts'

/** An option as it was written: names are compared without regard to case (RFC 2347). */
export interface Option {
  readonly name: string
  readonly value: string
}

/** RRQ or WRQ. */
export interface Request {
  readonly kind: 'request'
  readonly deed: 'read' | 'write'
  readonly name: string
  /** In small letters. */
  readonly mode: string
  readonly options: readonly Option[]
}

/** What stops a transfer. */
export interface ErrorPacket {
  readonly kind: 'error'
  readonly code: number
  readonly text: string
}

/** One datagram of TFTP (RFC 1350 §5, RFC 2347). */
export type Packet =
  | Request
  | { readonly kind: 'data'; readonly block: number; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly block: number }
  | ErrorPacket
  | { readonly kind: 'oack'; readonly options: readonly Option[] }

/** What stands before the bytes of a DATA packet. */
export const dataHeader = 4

/** RFC 2347 allows 512 bytes; this is an Ethernet frame's worth, for long names. */
const longestRequest = 1468

/** More are not read: there are seven options in use. */
const mostOptions = 16

/** What is kept of the text of an ERROR: it goes to logs. */
const longestErrorText = 200

/** Reads a datagram. The bytes of a DATA packet are not copied. */
export function decodePacket(bytes: Uint8Array): Packet {
  const code = uint16(bytes, 0)
  // atftpd's OACK is empty where it was told to take no options.
  if (bytes.length < (code === 6 ? 2 : 4)) throw new ProtocolError('the packet is too short')
  switch (code) {
    case 1:
      return decodeRequest('read', bytes)
    case 2:
      return decodeRequest('write', bytes)
    case 3:
      return { kind: 'data', block: uint16(bytes, 2), bytes: bytes.subarray(dataHeader) }
    case 4:
      return { kind: 'ack', block: uint16(bytes, 2) }
    case 5:
      return { kind: 'error', code: uint16(bytes, 2), text: errorText(bytes) }
    case 6:
      return { kind: 'oack', options: optionsIn(wordsIn(bytes.subarray(2))) }
    default:
      throw new ProtocolError(`there is no operation ${code}`)
  }
}

/** Writes a datagram. */
export function encodePacket(packet: Packet): Uint8Array {
  switch (packet.kind) {
    case 'request': {
      const words = [packet.name, packet.mode, ...flat(packet.options)]
      return withWords(2, [packet.deed === 'read' ? 1 : 2], words)
    }
    case 'data': {
      const bytes = new Uint8Array(dataHeader + packet.bytes.length)
      putDataHeader(bytes, packet.block)
      bytes.set(packet.bytes, dataHeader)
      return bytes
    }
    case 'ack':
      return withWords(4, [4, packet.block], [])
    case 'error':
      return withWords(4, [5, packet.code], [packet.text])
    case 'oack':
      return withWords(2, [6], flat(packet.options))
  }
}

/** Makes a frame, whose content stands behind its first four bytes already, a DATA packet. */
export function putDataHeader(frame: Uint8Array, block: number): void {
  frame[0] = 0
  frame[1] = 3
  frame[2] = block >> 8
  frame[3] = block & 0xff
}

function decodeRequest(deed: Request['deed'], bytes: Uint8Array): Request {
  if (bytes.length > longestRequest) throw new ProtocolError('the request is too long')
  const [name, mode, ...rest] = wordsIn(bytes.subarray(2))
  if (name === undefined || mode === undefined) throw new ProtocolError('the request does not end')
  if (name === '') throw new ProtocolError('the request names no file')
  return { kind: 'request', deed, name, mode: mode.toLowerCase(), options: optionsIn(rest) }
}

/** The words that end in NUL; what stands behind the last NUL is padding of old boot ROMs and is dropped. */
function wordsIn(bytes: Uint8Array): string[] {
  const words: string[] = []
  let from = 0
  while (words.length < 2 + 2 * mostOptions) {
    const end = bytes.indexOf(0, from)
    if (end < 0) break
    words.push(decodeText(bytes.subarray(from, end)))
    from = end + 1
  }
  return words
}

/** Pairs of words, up to an empty name: some boot ROMs pad requests with zeros. */
function optionsIn(words: readonly string[]): Option[] {
  const options: Option[] = []
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [name = '', value = ''] = words.slice(at, at + 2)
    if (name === '') break
    options.push({ name, value })
  }
  return options
}

/** Some clients forget the NUL behind it. */
function errorText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0, 4)
  const text = bytes.subarray(4, end < 0 ? undefined : end)
  return decodeText(text.subarray(0, longestErrorText))
}

function flat(options: readonly Option[]): string[] {
  return options.flatMap(({ name, value }) => [name, value])
}

/** Numbers of two bytes, then words with a NUL behind each. */
function withWords(header: number, numbers: readonly number[], words: readonly string[]): Uint8Array {
  const encoded = words.map(encodeText)
  const bytes = new Uint8Array(encoded.reduce((sum, word) => sum + word.length + 1, header))
  for (const [index, number] of numbers.entries()) {
    bytes[index * 2] = number >> 8
    bytes[index * 2 + 1] = number & 0xff
  }
  let at = header
  for (const word of encoded) {
    bytes.set(word, at)
    at += word.length + 1
  }
  return bytes
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
