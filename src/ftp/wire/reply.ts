import { ProtocolError } from '../../core/error.ts'
import { decodeText, encodeText } from '../../core/text.ts'

/** What a server answers: a code of three digits and at least one line of text. */
export interface Reply {
  readonly code: number
  readonly lines: readonly string[]
}

const lineFeed = 10
const carriageReturn = 13
const iac = 255
const zero = 48
const space = 32
/** Longer lines are read as any others. */
const usualLine = 200
const breaks = /[\r\n\0]/
const replyLimit = 256 * 1024

/** Makes a reply. */
export function reply(code: number, ...lines: string[]): Reply {
  return { code, lines }
}

/**
 * The bytes of a reply (RFC 959 §4.2). The lines between the first and the last get a space in front, so that none
 * can look like the last; CR, LF and NUL in a text become `?`, so that no name can begin a line of its own.
 */
export function formatReply(reply: Reply): Uint8Array {
  return doubleIac(encode(textOf(reply)))
}

function textOf({ code, lines }: Reply): string {
  const last = lines.length - 1
  let text = ''
  for (let at = 0; at < last; at += 1) {
    text += `${at === 0 ? `${code}-` : ' '}${oneLine(lines[at] ?? '')}\r\n`
  }
  return `${text}${code} ${oneLine(lines[last] ?? '')}\r\n`
}

/** Small and of one kind: from Node's pool of memory they are made twice as fast. */
function encode(text: string): Uint8Array {
  return text.isWellFormed() ? Buffer.from(text) : encodeText(text)
}

/** The bytes of several, one behind the other. */
export function formatReplies(replies: readonly Reply[]): Uint8Array {
  return doubleIac(encode(replies.map(textOf).join('')))
}

/** A text that cannot end the line it stands in. */
export function oneLine(text: string): string {
  return breaks.test(text) ? text.replaceAll(/[\r\n\0]/g, '?') : text
}

/**
 * Reads one reply: undefined while it has not come whole. Inside a reply of several lines a line may bear the code
 * and `-`, another code, or none (RFC 959 §4.2); the code and `-`, or one space, is not part of its text. Empty lines
 * before it, with which some end the reply in front, are passed over.
 */
export function decodeReply(
  bytes: Uint8Array,
  limit = replyLimit,
): { readonly value: Reply; readonly used: number } | undefined {
  const usual = usualReply(bytes, limit)
  if (usual !== undefined) return usual
  const lines: string[] = []
  let code = ''
  for (let start = 0; ;) {
    const end = bytes.indexOf(lineFeed, start)
    const size = end < 0 ? bytes.length : end + 1
    if (size > limit) throw new ProtocolError(`a reply is longer than ${limit} bytes`)
    if (end < 0) return undefined
    const line = lineText(bytes.subarray(start, end))
    if (code === '' && line === '') {
      start = end + 1
      continue
    }
    if (code === '') code = codeOf(line)
    const marked = line.startsWith(code)
    const separator = marked ? line[code.length] : undefined
    if (marked && (separator === ' ' || separator === undefined)) {
      lines.push(line.slice(code.length + 1))
      return { value: { code: Number(code), lines }, used: end + 1 }
    }
    if (marked && separator === '-') lines.push(line.slice(code.length + 1))
    else lines.push(line.startsWith(' ') ? line.slice(1) : line)
    start = end + 1
  }
}

/** Nearly all replies are one short line of ASCII, and need none of what others do. undefined: it is another, or not whole. */
function usualReply(
  bytes: Uint8Array,
  limit: number,
): { readonly value: Reply; readonly used: number } | undefined {
  let code = 0
  for (let at = 0; at < 3; at += 1) {
    const digit = (bytes[at] ?? 0) - zero
    if (digit < 0 || digit > 9) return undefined
    code = code * 10 + digit
  }
  if (code < 100 || code > 699 || bytes[3] !== space) return undefined
  const most = Math.min(bytes.length, usualLine, limit)
  for (let at = 4; at < most; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte > 127) return undefined
    if (byte !== lineFeed) continue
    const end = at > 4 && bytes[at - 1] === carriageReturn ? at - 1 : at
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + 4, end - 4).toString('latin1')
    return { value: { code, lines: [text] }, used: at + 1 }
  }
  return undefined
}

function codeOf(line: string): string {
  if (!/^[1-6]\d\d(?:[ -]|$)/.test(line)) throw new ProtocolError('a reply does not begin with its code')
  return line.slice(0, 3)
}

function lineText(line: Uint8Array): string {
  return decodeText(halveIac(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line))
}

function doubleIac(bytes: Uint8Array): Uint8Array {
  let extra = 0
  for (let at = bytes.indexOf(iac); at >= 0; at = bytes.indexOf(iac, at + 1)) extra += 1
  if (extra === 0) return bytes
  const doubled = new Uint8Array(bytes.length + extra)
  let used = 0
  for (const byte of bytes) {
    doubled[used++] = byte
    if (byte === iac) doubled[used++] = byte
  }
  return doubled
}

function halveIac(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(iac)) return bytes
  const halved = new Uint8Array(bytes.length)
  let used = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    halved[used++] = byte
    if (byte === iac && bytes[at + 1] === iac) at += 1
  }
  return halved.subarray(0, used)
}
