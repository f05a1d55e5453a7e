import { createHmac, timingSafeEqual } from 'node:crypto'

/** RFC 6238 §4: the length of a step. */
const stepMs = 30_000

/** How many steps a clock may be off, and a person slow (RFC 6238 §5.2). */
const tolerance = 1

/**
 * The step whose code this is, at or near a time; undefined: no step's. A code is good once: who takes it keeps the step
 * and takes none at or before it again (RFC 6238 §5.2).
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | undefined {
  if (!/^\d{6}$/u.test(code)) return undefined
  const current = Math.floor(now / stepMs)
  let found: number | undefined
  // All are computed, so that time does not tell which one was near.
  for (let step = current - tolerance; step <= current + tolerance; step += 1) {
    if (step >= 0 && timingSafeEqual(Buffer.from(code), Buffer.from(codeOfStep(secret, step)))) found = step
  }
  return found
}

/** The code of a time: RFC 6238 with SHA-1, 30 seconds and 6 digits, which is what every app on a phone reads. */
export function codeAt(secret: Uint8Array, now: number): string {
  return codeOfStep(secret, Math.floor(now / stepMs))
}

/** RFC 4226 §5.3. */
function codeOfStep(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A secret as apps take it: base32 (RFC 4648 §6) without padding. */
export function formatSecret(secret: Uint8Array): string {
  let bits = ''
  for (const byte of secret) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/gu) ?? [])
    .map((group) => alphabet.charAt(Number.parseInt(group.padEnd(5, '0'), 2)))
    .join('')
}

/** Reads a secret in base32, with or without spaces, padding and capitals; undefined where it is none or too short. */
export function parseSecret(text: string): Uint8Array | undefined {
  const plain = text.toUpperCase().replaceAll(/[\s=-]/gu, '')
  if (!/^[A-Z2-7]{16,128}$/u.test(plain)) return undefined
  let bits = ''
  for (const letter of plain) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/gu) ?? []
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2))
}
