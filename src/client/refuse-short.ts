import { IncompleteError } from '../core/error.ts'
import type { Entry } from '../core/store.ts'
import { isText, type End } from './end.ts'

/** Throws where less of a file came than it has. Of a text, and where the size was told in round numbers, that proves nothing. */
export function refuseShort(source: End, arrived: number, { size, name, rounded }: Entry): void {
  if (arrived >= size || rounded === true || isText(source)) return
  // Whoever had broken off would have said so: it is shorter than when it was looked at.
  throw new IncompleteError(`only ${arrived} of ${size} bytes of ${name} came`, arrived, size, {
    facts: { phase: 'data', retryable: true, anew: true, connectionUsable: true },
  })
}
