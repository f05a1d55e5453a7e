import { encodeText } from '../core/text.ts'

const prefix = '.ferry-part-'
const longestName = 255

/** Whether a name belongs to the part of an upload that is not complete. Nobody may see or touch those by name. */
export function isPartialName(name: string): boolean {
  return name.startsWith(prefix)
}

/**
 * The name of the part of an account's upload to `name`: the same after a restart, so that the upload can go on. A second
 * upload to the same target at the same time has a number.
 */
export function partialName(account: string, name: string, number = 0): string {
  const owner = `${prefix}${hash(account)}${number === 0 ? '' : `.${number}`}-`
  const whole = owner + name
  return encodeText(whole).length <= longestName ? whole : owner + hash(name)
}

/** Sixteen hexadecimal digits (FNV-1a, 64 bits): to tell names apart, not to keep a secret. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n
  for (const byte of encodeText(text)) {
    value = ((value ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return value.toString(16).padStart(16, '0')
}
