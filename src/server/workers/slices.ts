import type { PortRange } from '../../ftp/server/settings.ts'

/** How many ports there are. */
export function portsIn({ first, last }: PortRange): number {
  return last - first + 1
}

/** The part of a range that one of several has to itself: `place` counts from 0, and no two parts share a port. */
export function sliceOf(range: PortRange, of: number, place: number): PortRange {
  const start = (at: number): number => range.first + Math.floor((portsIn(range) * at) / of)
  return { first: start(place), last: start(place + 1) - 1 }
}
