import { readFileSync } from 'node:fs'
import { decodeText } from '../core/text.ts'

/**
 * The words of the command line, with the bytes of names that are not UTF-8: Node makes U+FFFD of each, and no such file is
 * there. Where the system does not tell them (Linux does), they stay as Node has them.
 */
export function wordsAsTyped(
  decoded: readonly string[],
  read = (): Uint8Array => readFileSync('/proc/self/cmdline'),
): readonly string[] {
  if (!decoded.some((word) => word.includes('\ufffd'))) return decoded
  try {
    const raw = Buffer.from(read()).toString('latin1').split('\0').slice(0, -1)
    const typed = raw.slice(-decoded.length).map((word) => decodeText(Buffer.from(word, 'latin1')))
    return typed.length === decoded.length ? typed : decoded
  } catch {
    return decoded // no /proc here
  }
}
