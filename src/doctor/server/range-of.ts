import type { PassiveFact } from './facts.ts'

/** The passive ports in words: one alone, or the first and the last. */
export function rangeOf({ first, last }: PassiveFact): string {
  return first === last ? `${first}` : `${first}-${last}`
}
