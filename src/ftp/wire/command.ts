import { decodeText } from '../../core/text.ts'

/** One command as it came. An empty verb: the line does not begin with one, and all of it is the argument. */
export interface CommandLine {
  readonly verb: string
  readonly argument: string
}

const space = 32
const tab = 9
const longestVerb = 16

/**
 * Reads a command line (without its ending). The argument is all that follows exactly one space: spaces, dashes
 * and quotes at either end are part of a name. CR NUL is a CR that belongs to a name (RFC 2640 §3.1, RFC 854);
 * any other NUL stays for the path to refuse.
 */
export function parseCommand(line: Uint8Array): CommandLine {
  let start = 0
  while (line[start] === space || line[start] === tab) start += 1
  const end = verbEnd(line, start)
  if (end < 0) return { verb: '', argument: textOf(line) }
  const verb = verbOf(line, start, end)
  return { verb, argument: end < line.length ? textOf(line.subarray(end + 1)) : '' }
}

/** Where the verb ends; -1 where the line does not begin with a word and a space. */
function verbEnd(line: Uint8Array, start: number): number {
  let at = start
  while (at < line.length && isVerbByte(line[at] ?? 0, at > start)) at += 1
  const length = at - start
  const ended = at === line.length || line[at] === space
  return ended && length > 0 && length <= longestVerb ? at : -1
}

function verbOf(line: Uint8Array, start: number, end: number): string {
  let verb = ''
  for (let at = start; at < end; at += 1) {
    const byte = line[at] ?? 0
    verb += String.fromCharCode(byte >= 0x61 ? byte - 0x20 : byte)
  }
  return verb
}

/** Letters, and behind the first one digits: MD5, XSHA256. */
function isVerbByte(byte: number, digits: boolean): boolean {
  const lower = byte | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (digits && byte >= 0x30 && byte <= 0x39)
}

function textOf(bytes: Uint8Array): string {
  const text = decodeText(bytes)
  return text.includes('\r\0') ? text.replaceAll('\r\0', '\r') : text
}
