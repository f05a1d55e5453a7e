import { randomInt } from 'node:crypto'

/** Twelve characters that nobody takes for one another when reading them aloud. */
export function freshPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  return Array.from({ length: 12 }, () => letters.charAt(randomInt(letters.length))).join('')
}
