import { message } from './message.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** The last thing that is said on a connection (RFC 4253 §11.1). */
export function formatDisconnect(reason: number, text: string): Uint8Array {
  return new Writer(256).byte(message.disconnect).uint32(reason).string(text.slice(0, 1024)).string('').done()
}

export function parseDisconnect(payload: Uint8Array): { readonly reason: number; readonly text: string } {
  const reader = new Reader(payload, 1)
  return { reason: reader.uint32(), text: printable(reader.text()) }
}

/** The answer to a message that has no meaning here (RFC 4253 §11.4). */
export function formatUnimplemented(sequence: number): Uint8Array {
  return new Writer(8).byte(message.unimplemented).uint32(sequence).done()
}

const mostExtensions = 64

/** What a side can do beyond the usual (RFC 8308). */
export function formatExtInfo(extensions: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(extensions)
  const writer = new Writer(512).byte(message.extInfo).uint32(entries.length)
  for (const [name, value] of entries) writer.string(name).string(value)
  return writer.done()
}

export function parseExtInfo(payload: Uint8Array): ReadonlyMap<string, string> {
  const reader = new Reader(payload, 1)
  const found = new Map<string, string>()
  for (let left = Math.min(reader.uint32(), mostExtensions); left > 0; left -= 1)
    found.set(reader.text(), reader.text())
  return found
}

/** Text of the other side's, without what could move a terminal's cursor. */
export function printable(text: string): string {
  return text
    .slice(0, 1024)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
}
